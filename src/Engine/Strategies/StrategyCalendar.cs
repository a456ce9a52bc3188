using System.Collections.Immutable;

namespace Decisioning.Engine.Strategies;

/// <summary>Named days that come every year, or once.</summary>
/// <param name="Index">Its place among the strategy's calendars.</param>
/// <param name="Name">Its name.</param>
/// <param name="Days">Its days.</param>
public sealed record StrategyCalendar(int Index, string Name, ImmutableArray<CalendarDay> Days);

/// <summary>A day of a calendar.</summary>
/// <param name="Year">The year; null for every year.</param>
/// <param name="Month">1 to 12.</param>
/// <param name="Day">1 to 31; February 29 comes only in leap years.</param>
public readonly record struct CalendarDay(int? Year, int Month, int Day);
