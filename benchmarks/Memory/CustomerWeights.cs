using System.Reflection;
using Decisioning.Engine.Customers;
using Decisioning.Grains.Customers;
using Decisioning.Grains.Strategies;
using Microsoft.Extensions.DependencyInjection;

namespace Decisioning.Benchmarks.Memory;

/// <summary>What the customers in memory weigh, on average, by what their objects are.</summary>
/// <param name="Customers">How many there are.</param>
/// <param name="Parts">Bytes per customer by part of the state; what several customers share is not counted.</param>
/// <param name="Types">The heaviest types of objects in states, with bytes and objects per customer.</param>
/// <param name="Runtime">The heaviest types of objects that are the grain's and its activation's, with bytes and objects per customer.</param>
internal sealed record CustomerWeights(
    int Customers, IReadOnlyDictionary<string, double> Parts, IReadOnlyList<TypeWeight> Types, IReadOnlyList<TypeWeight> Runtime)
{
    private const int TypesShown = 24;

    /// <summary>Walks all that services refer to: for some thousand customers, not for a million.</summary>
    public static CustomerWeights Of(IServiceProvider services)
    {
        var all = new Dictionary<Type, (long Bytes, long Objects)>();
        List<CustomerGrain> grains = [];
        new ObjectGraph().Walk(services, (thing, bytes) =>
        {
            Add(all, thing.GetType(), bytes);
            if (thing is CustomerGrain grain)
            {
                grains.Add(grain);
            }
        });

        // What strategies and the code refer to is shared by all.
        var states = new ObjectGraph();
        states.Walk(services.GetRequiredService<StrategyCatalog>().Of("default").Current!, static (_, _) => { });
        states.Walk(CustomerState.Empty, static (_, _) => { });
        var types = new Dictionary<Type, (long Bytes, long Objects)>();
        var parts = new Dictionary<string, double>();
        var count = Math.Max(1, grains.Count);
        foreach (var grain in grains)
        {
            foreach (var whole in Wholes(grain))
            {
                foreach (var part in Fields(whole.GetType()).Where(part => !part.FieldType.IsPrimitive))
                {
                    if (part.GetValue(whole) is { } value)
                    {
                        states.Walk(value, (thing, bytes) => Count(NameOf(whole.GetType(), part.Name), thing, bytes));
                    }
                }

                states.Walk(whole, (thing, bytes) => Count(whole.GetType().Name, thing, bytes));
            }
        }

        var runtime = all.ToDictionary(type => type.Key, type => types.TryGetValue(type.Key, out var ours) ? (type.Value.Bytes - ours.Bytes, type.Value.Objects - ours.Objects) : type.Value);
        return new(grains.Count, parts.OrderByDescending(part => part.Value).ToDictionary(part => part.Key, part => part.Value / count), Heaviest(types), Heaviest(runtime));

        void Count(string part, object thing, long bytes)
        {
            // A boxed value was made by the walk.
            if (!thing.GetType().IsValueType)
            {
                Add(types, thing.GetType(), bytes);
                parts[part] = parts.GetValueOrDefault(part) + bytes;
            }
        }

        IReadOnlyList<TypeWeight> Heaviest(Dictionary<Type, (long Bytes, long Objects)> weights) => [.. weights
            .OrderByDescending(type => type.Value.Bytes).Take(TypesShown)
            .Select(type => new TypeWeight(NameOf(type.Key), (double)type.Value.Bytes / count, (double)type.Value.Objects / count))];
    }

    // What is the engine's own: the state, or the bytes it rests as, and the offers.
    private static object[] Wholes(CustomerGrain grain)
    {
        var held = Value(grain, "_held");
        return [Value(held, "_held"), Value(grain, "_offers")];

        static object Value(object from, string name) => Fields(from.GetType()).First(field => field.Name == name).GetValue(from)!;
    }

    private static string NameOf(Type type, string field) => $"{type.Name}.{field.Replace("<", "", StringComparison.Ordinal).Replace(">k__BackingField", "", StringComparison.Ordinal)}";

    private static void Add(Dictionary<Type, (long Bytes, long Objects)> weights, Type type, long bytes)
    {
        var (known, objects) = weights.GetValueOrDefault(type);
        weights[type] = (known + bytes, objects + 1);
    }

    private static FieldInfo[] Fields(Type type) => type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);

    private static string NameOf(Type type) => type.IsArray ? NameOf(type.GetElementType()!) + "[]"
        : type.IsGenericType ? $"{type.Name}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
        : type.Name;
}

/// <summary>What the objects of a type weigh, per customer.</summary>
/// <param name="Name">The type.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Objects">How many there are.</param>
internal sealed record TypeWeight(string Name, double Bytes, double Objects);
