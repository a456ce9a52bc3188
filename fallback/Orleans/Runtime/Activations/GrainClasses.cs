using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Orleans.Configuration;

namespace Orleans.Runtime;

/// <summary>All grain classes of the application, and which of them implements an interface.</summary>
internal sealed class GrainClasses
{
    private static readonly Lazy<Type[]> Types = new(Discover);

    private readonly ConcurrentDictionary<(Type Interface, string? Prefix), GrainClass> _byInterface = new();
    private readonly Dictionary<GrainType, GrainClass> _byType = [];

    public GrainClasses(GrainCollectionOptions collection)
    {
        foreach (var type in Types.Value)
        {
            var grainClass = new GrainClass(type, collection);
            if (!_byType.TryAdd(grainClass.GrainType, grainClass))
            {
                throw new OrleansConfigurationException(
                    $"grain classes `{type}` and `{_byType[grainClass.GrainType].Type}` have the same name `{grainClass.GrainType}`; set [GrainType(\"…\")] on one");
            }
        }
    }

    public GrainClass? Find(GrainType type) => _byType.GetValueOrDefault(type);

    /// <exception cref="ArgumentException">No class implements the interface, or several do.</exception>
    public GrainClass Implementing(Type grainInterface, string? prefix) =>
        _byInterface.GetOrAdd((grainInterface, prefix), static (key, classes) => classes.Choose(key.Interface, key.Prefix), this);

    /// <exception cref="OrleansConfigurationException">Some grain interface cannot be called; the text names all of them.</exception>
    public void CheckInterfaces()
    {
        var faults = _byType.Values.SelectMany(each => each.Type.GetInterfaces()).Distinct()
            .Where(each => each != typeof(IAddressable) && typeof(IAddressable).IsAssignableFrom(each))
            .Select(InterfaceShape.Fault).Where(fault => fault is not null).ToArray();
        if (faults.Length > 0)
        {
            throw new OrleansConfigurationException(
                $"Found unserializable or uncopyable types which are being referenced in grain interface signatures:{Environment.NewLine}{string.Join(Environment.NewLine, faults)}");
        }
    }

    private GrainClass Choose(Type grainInterface, string? prefix)
    {
        var candidates = _byType.Values.Where(each => grainInterface.IsAssignableFrom(each.Type)).ToArray();
        if (prefix is not null)
        {
            candidates = [.. candidates.Where(each => each.Type.FullName!.StartsWith(prefix, StringComparison.Ordinal)
                || each.Type.Name.StartsWith(prefix, StringComparison.Ordinal))];
        }

        return candidates switch
        {
            [var one] => one,
            [] => throw new ArgumentException($"Could not find an implementation for interface {grainInterface}"),
            _ => candidates.FirstOrDefault(each => "I" + each.Type.Name == grainInterface.Name)
                ?? throw new ArgumentException(
                    $"Unable to identify a single appropriate grain type for interface {grainInterface}: {string.Join(", ", candidates.Select(each => each.Type))}"),
        };
    }

    private static Type[] Discover()
    {
        var own = typeof(GrainClasses).Assembly.GetName().Name!;
        var loaded = AppDomain.CurrentDomain.GetAssemblies()
            .Where(assembly => !assembly.IsDynamic && assembly.GetReferencedAssemblies().Any(name => name.Name == own));
        return [.. loaded.Concat(OnDisk(own)).Append(typeof(GrainClasses).Assembly).Distinct()
            .SelectMany(static assembly => assembly.GetTypes())
            .Where(static type => type is { IsClass: true, IsAbstract: false, IsGenericTypeDefinition: false }
                && typeof(IAddressable).IsAssignableFrom(type) && typeof(IGrain).IsAssignableFrom(type)
                && !typeof(GrainReference).IsAssignableFrom(type))];
    }

    /// <summary>The application's assemblies that nothing has loaded yet: a silo may name a grain class nowhere.</summary>
    private static IEnumerable<Assembly> OnDisk(string own)
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var trusted = (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string)?.Split(Path.PathSeparator) ?? [];
        foreach (var path in trusted.Where(each => !each.StartsWith(Path.GetDirectoryName(framework)!, StringComparison.Ordinal)
            && each.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal)))
        {
            if (References(path, own))
            {
                yield return Assembly.Load(new AssemblyName(Path.GetFileNameWithoutExtension(path)));
            }
        }
    }

    private static bool References(string path, string name)
    {
        using var reader = new PEReader(File.OpenRead(path));
        if (!reader.HasMetadata)
        {
            return false;
        }

        var metadata = reader.GetMetadataReader();
        return metadata.AssemblyReferences.Any(handle => metadata.StringComparer.Equals(metadata.GetAssemblyReference(handle).Name, name));
    }
}
