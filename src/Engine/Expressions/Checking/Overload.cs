using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;
using Decisioning.Engine.Expressions.Runtime;

namespace Decisioning.Engine.Expressions.Checking;

/// <summary>One signature of a standard function or operator.</summary>
internal sealed record Overload(string Name, CallStyle Style, ImmutableArray<CelType> Arguments, CelType Result, MethodInfo Method, bool Grows)
{
    /// <summary>Whether it returns a fault and gives its result in an out parameter.</summary>
    public bool CanFail => Method.ReturnType == typeof(Fault);

    public bool IsCalledAs(CallStyle style) => Style == style || (Style == CallStyle.Both && style != CallStyle.Operator);
}

/// <summary>All standard functions and operators, read off the methods marked with <see cref="CelAttribute"/>.</summary>
internal static class StandardLibrary
{
    private static readonly FrozenDictionary<string, ImmutableArray<Overload>> ByName =
        new[]
            {
                typeof(ArithmeticFunctions), typeof(ConversionFunctions), typeof(TextFunctions), typeof(TimeFunctions),
                typeof(StringExtension), typeof(MathExtension), typeof(EncodersExtension),
            }
            .SelectMany(holder => holder.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .SelectMany(method => method.GetCustomAttributes<CelAttribute>().Select(cel => OverloadOf(method, cel)))
            .GroupBy(overload => overload.Name)
            .ToFrozenDictionary(group => group.Key, group => group.ToImmutableArray(), StringComparer.Ordinal);

    public static IEnumerable<string> FunctionNames => ByName.Values.SelectMany(all => all).Where(one => one.Style != CallStyle.Operator).Select(one => one.Name).Distinct();

    /// <summary>What stands before the dot of functions such as `math.abs`.</summary>
    public static FrozenSet<string> Groups { get; } = FunctionNames.Where(name => name.Contains('.', StringComparison.Ordinal)).Select(name => name.Split('.')[0]).Append("cel").ToFrozenSet(StringComparer.Ordinal);

    public static ImmutableArray<Overload> Find(string name, CallStyle style) =>
        ByName.TryGetValue(name, out var overloads) ? [.. overloads.Where(overload => overload.IsCalledAs(style))] : [];

    private static Overload OverloadOf(MethodInfo method, CelAttribute cel)
    {
        var types = method.GetParameters().Select(parameter => TypeOf(parameter.ParameterType)).ToList();
        var result = method.ReturnType == typeof(Fault) ? types[^1] : TypeOf(method.ReturnType);
        var arguments = method.ReturnType == typeof(Fault) ? types.Take(types.Count - 1) : types;
        return new Overload(cel.Name, cel.Style, [.. arguments], result, method, cel.Grows);
    }

    private static CelType TypeOf(Type clr) => clr.IsByRef ? TypeOf(clr.GetElementType()!)
        : clr == typeof(bool) ? CelType.Bool
        : clr == typeof(long) ? CelType.Int
        : clr == typeof(ulong) ? CelType.UInt
        : clr == typeof(double) ? CelType.Double
        : clr == typeof(string) ? CelType.String
        : clr == typeof(ImmutableArray<byte>) ? CelType.Bytes
        : clr == typeof(DateTimeOffset) ? CelType.Timestamp
        : clr == typeof(TimeSpan) ? CelType.Duration
        : clr == typeof(CelList) ? CelType.List(CelType.Dyn)
        : clr == typeof(CelMap) ? CelType.Map(CelType.Dyn, CelType.Dyn)
        : clr == typeof(TypeName) ? CelType.Type
        : CelType.Dyn;
}
