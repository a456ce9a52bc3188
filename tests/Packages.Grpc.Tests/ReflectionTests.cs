using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Alpha = Grpc.Reflection.V1Alpha;

namespace Decisioning.Packages.Grpc.Tests;

public sealed class ReflectionTests : IAsyncLifetime
{
    private const string Echo = "decisioning.test.v1.Echo";

    private EchoServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await EchoServer.StartAsync(
        build: builder => builder.Services.AddGrpcReflection(),
        map: app =>
        {
            app.MapGrpcService<EchoService>();
            app.MapGrpcReflectionService();
        });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task All_services_are_listed()
    {
        var names = (await AskAsync(new() { ListServices = "" })).ListServicesResponse.Service.Select(service => service.Name);
        Assert.Equal(
            ["decisioning.test.v1.Echo", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"],
            names.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(Echo)]
    [InlineData($"{Echo}.Say")]
    [InlineData("decisioning.test.v1.EchoRequest")]
    [InlineData("decisioning.test.v1.Behaviour")]
    public async Task A_symbol_is_found_with_all_files_that_it_needs(string symbol)
    {
        var reply = await AskAsync(new() { FileContainingSymbol = symbol });
        var files = reply.FileDescriptorResponse.FileDescriptorProto.Select(FileDescriptorProto.Parser.ParseFrom).ToDictionary(file => file.Name);
        Assert.Equal("decisioning.test.v1", files["echo.proto"].Package);
        Assert.All(files["echo.proto"].Dependency, import => Assert.Contains(import, files.Keys));
    }

    [Fact]
    public async Task A_file_is_found_by_name()
    {
        var reply = await AskAsync(new() { FileByFilename = "google/protobuf/timestamp.proto" });
        Assert.Equal("google.protobuf", FileDescriptorProto.Parser.ParseFrom(reply.FileDescriptorResponse.FileDescriptorProto[0]).Package);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        Assert.Equal((int)StatusCode.NotFound, (await AskAsync(new() { FileByFilename = "none.proto" })).ErrorResponse.ErrorCode);
        Assert.Equal((int)StatusCode.NotFound, (await AskAsync(new() { FileContainingSymbol = "a.b.C" })).ErrorResponse.ErrorCode);
        Assert.Equal((int)StatusCode.Unimplemented, (await AskAsync(new() { AllExtensionNumbersOfType = "a.b.C" })).ErrorResponse.ErrorCode);
    }

    [Fact]
    public async Task The_older_protocol_answers_the_same()
    {
        using var call = new Alpha.ServerReflection.ServerReflectionClient(_server.Channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new() { FileContainingSymbol = Echo });
        Assert.True(await call.ResponseStream.MoveNext());
        var first = FileDescriptorProto.Parser.ParseFrom(call.ResponseStream.Current.FileDescriptorResponse.FileDescriptorProto[0]);
        await call.RequestStream.WriteAsync(new() { ListServices = "" });
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.Contains(call.ResponseStream.Current.ListServicesResponse.Service, service => service.Name == Echo);
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
        Assert.NotEmpty(first.Name);
    }

    private async Task<ServerReflectionResponse> AskAsync(ServerReflectionRequest request)
    {
        using var call = new ServerReflection.ServerReflectionClient(_server.Channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(request);
        Assert.True(await call.ResponseStream.MoveNext());
        var reply = call.ResponseStream.Current;
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
        return reply;
    }
}
