using Api = Decisioning.V1;

namespace Decisioning.Simulation.Tests.Load;

/// <summary>What is to be recorded: an event or a response. It goes out unchanged until it is acknowledged.</summary>
/// <param name="Customer">Whose it is.</param>
/// <param name="MessageId">Its id.</param>
/// <param name="Variant">Which contents the id stands for: the same id with another variant is a conflict.</param>
/// <param name="Event">The event, or null.</param>
/// <param name="Response">The response, or null.</param>
internal sealed record Intent(LoadCustomer Customer, string MessageId, int Variant, Api.Event? Event, Api.ActionResponse? Response = null)
{
    /// <summary>Where contents say which variant they are.</summary>
    public const string VariantProperty = "variant";

    /// <summary>Whether it lies so far ahead that it must be refused.</summary>
    public bool IsOfTheFuture { get; init; }
}
