using Grpc.AspNetCore.Web;
using Grpc.AspNetCore.Web.Internal;

namespace Grpc.AspNetCore.Web
{
    public class GrpcWebOptions
    {
        /// <summary>Whether services that say nothing else take gRPC-Web requests. Default: false.</summary>
        public bool DefaultEnabled { get; set; }
    }

    public interface IGrpcWebEnabledMetadata
    {
        bool GrpcWebEnabled { get; }
    }

    [AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = false)]
    public sealed class EnableGrpcWebAttribute : Attribute, IGrpcWebEnabledMetadata
    {
        public bool GrpcWebEnabled => true;
    }

    [AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = false)]
    public sealed class DisableGrpcWebAttribute : Attribute, IGrpcWebEnabledMetadata
    {
        public bool GrpcWebEnabled => false;
    }
}

namespace Microsoft.AspNetCore.Builder
{
    public static class GrpcWebApplicationBuilderExtensions
    {
        public static IApplicationBuilder UseGrpcWeb(this IApplicationBuilder builder) => builder.UseGrpcWeb(new GrpcWebOptions());

        /// <summary>Lets browsers call the services. Goes between routing and the endpoints.</summary>
        public static IApplicationBuilder UseGrpcWeb(this IApplicationBuilder builder, GrpcWebOptions options)
        {
            ArgumentNullException.ThrowIfNull(builder);
            ArgumentNullException.ThrowIfNull(options);
            return builder.Use(next => new GrpcWebMiddleware(next, options).InvokeAsync);
        }
    }

    public static class GrpcWebEndpointConventionBuilderExtensions
    {
        public static TBuilder EnableGrpcWeb<TBuilder>(this TBuilder builder)
            where TBuilder : IEndpointConventionBuilder
        {
            builder.Add(endpoint => endpoint.Metadata.Add(new EnableGrpcWebAttribute()));
            return builder;
        }

        public static TBuilder DisableGrpcWeb<TBuilder>(this TBuilder builder)
            where TBuilder : IEndpointConventionBuilder
        {
            builder.Add(endpoint => endpoint.Metadata.Add(new DisableGrpcWebAttribute()));
            return builder;
        }
    }
}
