using System.Collections.Immutable;
using Decisioning.Engine.Customers;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Http.Segment;

/// <summary>An event of the Segment API as read: as ours has it, or what is wrong with it.</summary>
/// <param name="Event">The event; null when it could not be read.</param>
/// <param name="Violations">What is wrong; empty with an event.</param>
internal readonly record struct SegmentEvent(Api.Event? Event, ImmutableArray<FieldViolation> Violations);
