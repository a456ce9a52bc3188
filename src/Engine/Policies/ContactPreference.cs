using Decisioning.Engine.Actions;
using Decisioning.Engine.Decisions;
using Decisioning.Engine.Expressions;

namespace Decisioning.Engine.Policies;

/// <summary>Where and when customers like to hear from us.</summary>
/// <param name="Channel">A string: the channel whose treatments are taken first; null where it is not asked.</param>
/// <param name="Hour">The hour at which treatments on outbound channels are sent that say no time of their own; null for at once.</param>
/// <param name="Weight">The factor on the priority of what is offered on the preferred channel, above 0.</param>
public sealed record ContactPreference(CompiledExpression<Facts>? Channel, SendTime? Hour, double Weight);
