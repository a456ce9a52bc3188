using Decisioning.Contracts;
using Google.Protobuf.Reflection;

namespace Decisioning.Gateway.Http.OpenApi;

/// <summary>What the proto files say of messages, fields, enums and methods, by their full names.</summary>
internal static class ProtoComments
{
    private const string Resource = "decisioning.protoset";

    // Numbers of fields in google.protobuf.FileDescriptorProto and what is in it: a comment says where it stands as a path of them.
    private const int FileMessages = 4;
    private const int FileEnums = 5;
    private const int FileServices = 6;
    private const int Parts = 2;

    private static readonly Lazy<Dictionary<string, string>> All = new(Load);

    /// <summary>The comment, its lines as one; empty for none.</summary>
    public static string Of(IDescriptor descriptor) => All.Value.GetValueOrDefault(descriptor.FullName, "");

    private static Dictionary<string, string> Load()
    {
        using var source = typeof(ICustomerGrain).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"`{Resource}` is not in the assembly of the contracts; build that project anew");
        var comments = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in FileDescriptorSet.Parser.ParseFrom(source).File)
        {
            foreach (var location in file.SourceCodeInfo.Location.Where(location => location.HasLeadingComments))
            {
                if (Name(file, location.Path) is { } name)
                {
                    comments[$"{file.Package}.{name}"] = string.Join(' ', location.LeadingComments.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
                }
            }
        }

        return comments;
    }

    // Messages within messages the API has none of.
    private static string? Name(FileDescriptorProto file, IList<int> path) => path switch
    {
        [FileMessages, var message] => file.MessageType[message].Name,
        [FileMessages, var message, Parts, var field] => $"{file.MessageType[message].Name}.{file.MessageType[message].Field[field].Name}",
        [FileEnums, var type] => file.EnumType[type].Name,
        [FileEnums, var type, Parts, var value] => $"{file.EnumType[type].Name}.{file.EnumType[type].Value[value].Name}",
        [FileServices, var service] => file.Service[service].Name,
        [FileServices, var service, Parts, var method] => $"{file.Service[service].Name}.{file.Service[service].Method[method].Name}",
        _ => null,
    };
}
