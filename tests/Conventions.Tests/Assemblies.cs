using System.Reflection;
using System.Runtime.CompilerServices;

namespace Decisioning.Conventions.Tests;

/// <summary>The assemblies built from <c>src/</c>.</summary>
internal static class Assemblies
{
    public static readonly string[] Names = ["Engine", "Contracts", "Storage", "Grains", "Gateway", "Silo", "Cli"];

    public static Assembly Load(string name) => Assembly.Load("Decisioning." + name);

    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, $"Decisioning.{name}.dll");

    /// <summary>The types people wrote in all assemblies.</summary>
    public static IEnumerable<Type> WrittenTypes() => Names.Select(Load).SelectMany(assembly => assembly.GetTypes()).Where(IsWritten);

    private static bool IsWritten(Type type) =>
        type.GetCustomAttribute<CompilerGeneratedAttribute>() is null
        && !type.Name.Contains('<', StringComparison.Ordinal)
        && type.DeclaringType?.Name.Contains('<', StringComparison.Ordinal) != true
        && type.FullName!.StartsWith("Decisioning.", StringComparison.Ordinal)
        && !type.FullName.StartsWith("Decisioning.V1", StringComparison.Ordinal)
        && !IsGenerated(type);

    // Code generators sign their types.
    private static bool IsGenerated(Type type) =>
        type.GetCustomAttributes().Any(a => a.GetType().Name is "GeneratedCodeAttribute")
        || type.GetInterfaces().Any(i => i.FullName == "Google.Protobuf.IMessage")
        || (type.DeclaringType is { } outer && IsGenerated(outer));
}
