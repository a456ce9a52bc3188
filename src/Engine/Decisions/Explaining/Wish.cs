using Decisioning.Engine.Values;

namespace Decisioning.Engine.Decisions.Explaining;

/// <summary>A value that something would have to have.</summary>
/// <param name="Name">What, as conditions write it.</param>
/// <param name="Needed">The value.</param>
/// <param name="Distance">How far it is from what is there, 0 for next to nothing: to choose between several ways.</param>
internal readonly record struct Wish(string Name, Value Needed, double Distance);
