using System.Collections.Immutable;
using Decisioning.Engine.Expressions;

namespace Decisioning.Engine.Strategies;

/// <summary>The declared type of an event property or a profile attribute.</summary>
/// <param name="Name">The property.</param>
/// <param name="Type">Its type as conditions see it, nullable: a customer or an event may lack it.</param>
/// <param name="Values">The texts it may have; empty for any.</param>
/// <param name="Min">The least number it may be; null for none.</param>
/// <param name="Max">The greatest number it may be; null for none.</param>
/// <param name="IsDate">Whether it is a calendar date (kept as the timestamp of its midnight in UTC).</param>
public sealed record PropertyType(string Name, CelType Type, ImmutableArray<string> Values, double? Min, double? Max, bool IsDate);

/// <summary>An event a strategy knows.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Properties">The properties conditions use, by name in ordinal order; others are kept but conditions cannot use them.</param>
public sealed record EventDefinition(string Name, ImmutableArray<PropertyType> Properties);
