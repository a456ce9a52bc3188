namespace Decisioning.Engine.Decisions;

/// <summary>The decision funnel, in order. A candidate's verdict is the first stage that dropped it. Stored: never reuse a number.</summary>
public enum FunnelStage : byte
{
    /// <summary>It was chosen.</summary>
    Chosen = 0,

    /// <summary>It is not valid now, has no treatment for what was asked, or the customer may not get it at all.</summary>
    Eligibility = 1,

    /// <summary>It makes no sense now.</summary>
    Applicability = 2,

    /// <summary>It is not right for this customer.</summary>
    Suitability = 3,

    /// <summary>The customer's consent is missing or denied.</summary>
    Consent = 4,

    /// <summary>A cap is reached.</summary>
    ContactPolicy = 5,

    /// <summary>Its budget is spent.</summary>
    Budget = 6,

    /// <summary>Others ranked before it.</summary>
    Arbitration = 7,

    /// <summary>An experiment withheld it.</summary>
    Experiment = 8,
}
