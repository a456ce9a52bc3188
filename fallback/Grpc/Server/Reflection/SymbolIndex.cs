using System.Reflection;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;
using Microsoft.AspNetCore.Routing;

namespace Grpc.AspNetCore.Server.Reflection;

/// <summary>The files behind the mapped services, found by name and by the symbols in them.</summary>
internal sealed class SymbolIndex
{
    private readonly Dictionary<string, FileDescriptor> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> _symbols = new(StringComparer.Ordinal);
    private readonly List<string> _services = [];

    public SymbolIndex(EndpointDataSource endpoints)
    {
        var types = endpoints.Endpoints
            .Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.ServiceType)
            .OfType<Type>()
            .Distinct();
        foreach (var type in types)
        {
            if (DescriptorOf(type) is { } service)
            {
                _services.Add(service.FullName);
                Add(service.File);
            }
        }
    }

    internal ServerReflectionResponse Answer(ServerReflectionRequest request)
    {
        var response = new ServerReflectionResponse { ValidHost = request.Host, OriginalRequest = request };
        switch (request.MessageRequestCase)
        {
            case ServerReflectionRequest.MessageRequestOneofCase.ListServices:
                response.ListServicesResponse = new ListServiceResponse
                {
                    Service = { _services.Select(name => new ServiceResponse { Name = name }) },
                };
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileByFilename:
                Fill(response, _files.GetValueOrDefault(request.FileByFilename), "File not found.");
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol:
                Fill(response, _symbols.GetValueOrDefault(request.FileContainingSymbol), "Symbol not found.");
                break;
            default:
                response.ErrorResponse = Error(StatusCode.Unimplemented, "Request type not supported by C# reflection service.");
                break;
        }

        return response;
    }

    private static ServiceDescriptor? DescriptorOf(Type service)
    {
        for (var type = service; type is not null; type = type.BaseType)
        {
            if (type.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false) is { } bind)
            {
                return bind.BindType.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) as ServiceDescriptor;
            }
        }

        return null;
    }

    private static ErrorResponse Error(StatusCode code, string message) => new() { ErrorCode = (int)code, ErrorMessage = message };

    private static void Fill(ServerReflectionResponse response, FileDescriptor? file, string missing)
    {
        if (file is null)
        {
            response.ErrorResponse = Error(StatusCode.NotFound, missing);
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal) { file.Name };
        List<FileDescriptor> files = [file];
        for (var i = 0; i < files.Count; i++)
        {
            files.AddRange(files[i].Dependencies.Where(import => seen.Add(import.Name)));
        }

        response.FileDescriptorResponse = new FileDescriptorResponse
        {
            FileDescriptorProto = { files.Select(each => each.SerializedData) },
        };
    }

    private void Add(FileDescriptor file)
    {
        if (!_files.TryAdd(file.Name, file))
        {
            return;
        }

        foreach (var import in file.Dependencies)
        {
            Add(import);
        }

        foreach (var service in file.Services)
        {
            _symbols[service.FullName] = file;
            foreach (var method in service.Methods)
            {
                _symbols[method.FullName] = file;
            }
        }

        foreach (var type in file.MessageTypes)
        {
            Add(type);
        }

        foreach (var type in file.EnumTypes)
        {
            _symbols[type.FullName] = file;
        }
    }

    private void Add(MessageDescriptor message)
    {
        _symbols[message.FullName] = message.File;
        foreach (var field in message.Fields.InDeclarationOrder())
        {
            _symbols[field.FullName] = message.File;
        }

        foreach (var type in message.EnumTypes)
        {
            _symbols[type.FullName] = message.File;
        }

        foreach (var type in message.NestedTypes)
        {
            Add(type);
        }
    }
}
