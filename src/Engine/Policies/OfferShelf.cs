namespace Decisioning.Engine.Policies;

/// <summary>
/// Where open offers stand, and beside them their marks: 32 bytes each and one after the other, since the offers themselves lie all over the memory, and to look at
/// 64 of them took longer than everything else of a decision. Each <see cref="Decisions.OpenOffers"/> sees a stretch that never changes; the next of a customer
/// mostly has room behind it, so that it is not copied. Safe for concurrent use.
/// </summary>
internal sealed class OfferShelf
{
    /// <summary>Most customers have no more offers than these: their marks are not worth the memory, and they have no room for the next.</summary>
    public const int FewMax = 12;

    private const int SpareMax = 32;

    // Also what is locked, since there is one for each customer.
    private readonly OpenOffer[] _offers;
    private OfferMark[] _marks = [];
    private CapIndex? _index;
    private int _used;

    private OfferShelf(int room) => _offers = new OpenOffer[room];

    /// <summary>A shelf with offers and no room for more: none of one customer may come to stand where others look.</summary>
    public static OfferShelf Of(ReadOnlySpan<OpenOffer> offers)
    {
        var shelf = new OfferShelf(offers.Length);
        shelf.TryAdd(0, offers);
        return shelf;
    }

    /// <summary>A stretch of it.</summary>
    public ReadOnlySpan<OpenOffer> Offers(int from, int count) => _offers.AsSpan(from, count);

    /// <summary>The marks of a stretch, for the caps of a strategy.</summary>
    /// <param name="index">Those caps.</param>
    /// <param name="from">Where the stretch begins.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="few">Room for the marks of a few.</param>
    public ReadOnlySpan<OfferMark> Marks(CapIndex index, int from, int count, Span<OfferMark> few)
    {
        if (_offers.Length <= FewMax)
        {
            for (var i = 0; i < count; i++)
            {
                few[i] = index.MarkOf(_offers[from + i]);
            }

            return few[..count];
        }

        lock (_offers)
        {
            if (_index != index)
            {
                (_index, _marks) = (index, new OfferMark[_offers.Length]);
                Mark(0, _used);
            }

            return _marks.AsSpan(from, count);
        }
    }

    /// <summary>Whether an offer of a stretch is of a decision.</summary>
    public bool Has(string decisionId, int from, int count)
    {
        var hash = OfferMark.HashOf(decisionId);
        lock (_offers)
        {
            for (var i = from; i < from + count; i++)
            {
                if ((_index is null || _marks[i].Decision == hash) && _offers[i].DecisionId == decisionId)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Puts offers behind a stretch, if there is room and nobody else did.</summary>
    public bool TryAdd(int end, ReadOnlySpan<OpenOffer> added)
    {
        if (end + added.Length > _offers.Length)
        {
            return false;
        }

        lock (_offers)
        {
            if (end != _used)
            {
                return false;
            }

            added.CopyTo(_offers.AsSpan(end));
            _used += added.Length;
            Mark(end, added.Length);
            return true;
        }
    }

    /// <summary>A new shelf with a stretch of this one, further offers behind it, and room for some more.</summary>
    public OfferShelf With(int from, int count, ReadOnlySpan<OpenOffer> added)
    {
        var offers = count + added.Length;
        var next = new OfferShelf(offers <= FewMax ? offers : offers + Math.Min(offers / 2, SpareMax));
        lock (_offers)
        {
            _offers.AsSpan(from, count).CopyTo(next._offers);
            next._used = count;
            if (_index is not null && next._offers.Length > FewMax)
            {
                (next._index, next._marks) = (_index, new OfferMark[next._offers.Length]);
                _marks.AsSpan(from, count).CopyTo(next._marks);
            }
        }

        next.TryAdd(count, added);
        return next;
    }

    private void Mark(int from, int count)
    {
        for (var i = from; _index is { } index && i < from + count; i++)
        {
            _marks[i] = index.MarkOf(_offers[i]);
        }
    }
}
