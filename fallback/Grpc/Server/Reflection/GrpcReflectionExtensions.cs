using Grpc.AspNetCore.Server.Reflection;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection
{
    public static class GrpcReflectionServiceExtensions
    {
        public static IServiceCollection AddGrpcReflection(this IServiceCollection services)
        {
            ArgumentNullException.ThrowIfNull(services);
            services.TryAddSingleton<SymbolIndex>();
            return services;
        }
    }
}

namespace Microsoft.AspNetCore.Builder
{
    public static class GrpcReflectionEndpointRouteBuilderExtensions
    {
        /// <summary>Serves reflection, v1 and v1alpha, of every service that is mapped.</summary>
        public static IEndpointConventionBuilder MapGrpcReflectionService(this IEndpointRouteBuilder builder)
        {
            ArgumentNullException.ThrowIfNull(builder);
            if (builder.ServiceProvider.GetService<IServiceProviderIsService>()?.IsService(typeof(SymbolIndex)) is not true)
            {
                throw new InvalidOperationException(
                    "Unable to find the required services. Please add all the required services by calling " +
                    "'IServiceCollection.AddGrpcReflection' inside the call to 'ConfigureServices(...)' in the application startup code.");
            }

            return new Both(builder.MapGrpcService<ReflectionAlphaService>(), builder.MapGrpcService<ReflectionService>());
        }

        private sealed class Both(IEndpointConventionBuilder first, IEndpointConventionBuilder second) : IEndpointConventionBuilder
        {
            public void Add(Action<EndpointBuilder> convention)
            {
                first.Add(convention);
                second.Add(convention);
            }

            public void Finally(Action<EndpointBuilder> finallyConvention)
            {
                first.Finally(finallyConvention);
                second.Finally(finallyConvention);
            }
        }
    }
}
