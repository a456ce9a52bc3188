using System.Collections;
using System.Reflection;
using Decisioning.Engine.Customers;

namespace Decisioning.Storage.Tests;

/// <summary>Compares states part by part: arrays in records compare by reference.</summary>
internal static class States
{
    public static PropertyInfo[] Properties { get; } =
        typeof(CustomerState).GetProperties(BindingFlags.Public | BindingFlags.Instance);

    public static void AssertEqual(CustomerState expected, CustomerState actual)
    {
        foreach (var property in Properties)
        {
            Assert.True(
                Same(property.GetValue(expected), property.GetValue(actual)),
                $"`{property.Name}` differs: {property.GetValue(expected)} and {property.GetValue(actual)}");
        }
    }

    public static bool Same(object? left, object? right) => left is IEnumerable and not string && right is IEnumerable
        ? ((IEnumerable)left).Cast<object>().SequenceEqual(((IEnumerable)right).Cast<object>())
        : Equals(left, right);
}
