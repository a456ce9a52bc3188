namespace Decisioning.Simulation.Tests.Load;

/// <summary>What was sent not long ago, by anyone: from here come repeats, also while the first is still under way.</summary>
internal sealed class RecentIntents
{
    private const int Kept = 8_192;
    private readonly Lock _lock = new();
    private readonly List<Intent> _intents = [];
    private int _next;

    public void Add(Intent intent)
    {
        lock (_lock)
        {
            if (_intents.Count < Kept)
            {
                _intents.Add(intent);
            }
            else
            {
                _intents[_next++ % Kept] = intent;
            }
        }
    }

    /// <summary>One of them; with a customer, one of that customer where a few looks find one.</summary>
    public Intent? Any(Random random, LoadCustomer? customer)
    {
        const int looks = 32;
        lock (_lock)
        {
            for (var look = 0; look < looks && _intents.Count > 0; look++)
            {
                var intent = _intents[random.Next(_intents.Count)];
                if (customer is null || intent.Customer == customer)
                {
                    return intent;
                }
            }

            return null;
        }
    }
}
