using System.Collections.Immutable;
using System.Reflection;
using Orleans;

namespace Decisioning.Conventions.Tests;

/// <summary>
/// What crosses a process keeps its names and numbers. The approved list is <c>contracts.approved.txt</c>: a line is added
/// when a contract grows, and never changed.
/// </summary>
public sealed class ContractTests
{
    private const string Approved = "tests/Conventions.Tests/contracts.approved.txt";

    [Fact]
    public void Grain_contracts_are_the_approved_ones()
    {
        var actual = Describe().ToList();
        var received = Path.Combine(AppContext.BaseDirectory, "contracts.received.txt");
        File.WriteAllLines(received, actual);
        Assert.Equal(File.ReadAllLines(Path.Combine(SourceTree.Root, Approved)), actual);
    }

    [Fact]
    public void Every_grain_interface_and_method_has_an_alias() => Assert.Empty(GrainInterfaces()
        .SelectMany(type => type.GetMethods().Cast<MemberInfo>().Append(type))
        .Where(member => member.GetCustomAttribute<AliasAttribute>() is null)
        .Select(member => $"{member.DeclaringType?.Name}.{member.Name}"));

    [Fact]
    public void Aliases_are_unique()
    {
        var aliases = Serialized().Concat(GrainInterfaces()).Select(type => type.GetCustomAttribute<AliasAttribute>()!.Alias).ToList();
        Assert.Equal(aliases.Distinct(StringComparer.Ordinal).Count(), aliases.Count);
    }

    [Fact]
    public void A_message_is_immutable_and_aliased() => Assert.Empty(Serialized()
        .Where(type => !typeof(Exception).IsAssignableFrom(type)
            && (type.GetCustomAttribute<AliasAttribute>() is null || type.GetCustomAttribute<ImmutableAttribute>() is null))
        .Select(type => type.FullName));

    private static IEnumerable<string> Describe()
    {
        foreach (var type in GrainInterfaces().OrderBy(Alias, StringComparer.Ordinal))
        {
            foreach (var method in type.GetMethods().OrderBy(Alias, StringComparer.Ordinal))
            {
                yield return $"grain {Alias(type)}.{Alias(method)}({string.Join(", ", method.GetParameters().Select(p => Name(p.ParameterType)))}) {Name(method.ReturnType)}";
            }
        }

        foreach (var type in Serialized().OrderBy(Alias, StringComparer.Ordinal))
        {
            foreach (var (id, name) in Members(type).OrderBy(m => m.Id))
            {
                yield return $"message {Alias(type)} {id} {name}";
            }
        }
    }

    private static IEnumerable<(uint Id, string Name)> Members(Type type)
    {
        const BindingFlags all = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        return type.GetMembers(all)
            .Select(member => (Attribute: member.GetCustomAttribute<IdAttribute>(), Member: member))
            .Where(m => m.Attribute is not null)
            .Select(m => (m.Attribute!.Id, m.Member.Name + ": " + Name(m.Member is FieldInfo field ? field.FieldType : ((PropertyInfo)m.Member).PropertyType)));
    }

    private static IEnumerable<Type> GrainInterfaces() => Assemblies.Load("Contracts").GetExportedTypes().Where(t => t.IsInterface && typeof(IGrain).IsAssignableFrom(t));

    private static IEnumerable<Type> Serialized() => Assemblies.WrittenTypes().Where(t => t.GetCustomAttribute<GenerateSerializerAttribute>() is not null);

    private static string Alias(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>()?.Alias ?? member.Name;

    private static string Name(Type type)
    {
        if (type.GetCustomAttribute<AliasAttribute>() is { } alias)
        {
            return alias.Alias;
        }

        return type.IsGenericType ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : type.Name;
    }
}
