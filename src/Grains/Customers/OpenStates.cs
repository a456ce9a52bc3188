namespace Decisioning.Grains.Customers;

/// <summary>
/// The states of a silo that are open: so many, and when one more is, one that was not asked for lately goes to rest. Which one is found as clocks do
/// it: a hand goes round, passes by whoever was asked for since it came by, and takes the first who was not.
/// </summary>
/// <param name="max">How many are open at once.</param>
internal sealed class OpenStates(int max)
{
    // Who was asked for again while the hand looked for so long is no worse a choice than others.
    private const int PassedByMax = 64;

    private readonly Lock _lock = new();
    private readonly List<HeldState> _all = [];
    private int _hand;

    /// <summary>How many are open.</summary>
    public int Count => _all.Count;

    /// <summary>Lists a state that was opened, if it is not listed.</summary>
    public void Enter(HeldState opened)
    {
        lock (_lock)
        {
            // It may have gone to rest and been opened again since its grain looked.
            if (opened.IsListed)
            {
                return;
            }

            // Once opened and never asked for again must not push out who is asked for all the time.
            (opened.IsListed, opened.IsUsed) = (true, false);
            if (_all.Count < max)
            {
                _all.Add(opened);
                return;
            }

            for (var passedBy = 0; ; passedBy++)
            {
                var place = _hand;
                var other = _all[place];
                _hand = (_hand + 1) % _all.Count;
                if (other.IsUsed && passedBy < PassedByMax)
                {
                    other.IsUsed = false;
                }
                else if (other.TryRest())
                {
                    other.IsListed = false;
                    _all[place] = opened;
                    return;
                }
            }
        }
    }
}
