namespace Decisioning.Engine.Expressions.Emission;

/// <summary>
/// Compiled code. Returns 0, or the fault in the lowest byte with the number of its place above it (<see cref="Emitter.Sites"/>).
/// </summary>
internal delegate int Evaluator<TContext, T>(TContext context, out T result);
