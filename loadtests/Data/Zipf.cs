namespace Decisioning.LoadTests.Data;

/// <summary>Numbers of which a few come very often: the n-th as often as 1/n^s.</summary>
internal sealed class Zipf
{
    /// <summary>As it is usual for keys of shops and caches: of 100,000 the first comes 8 times in 100.</summary>
    public const double UsualExponent = 0.99;

    private readonly double[] _upTo;

    public Zipf(int count, double exponent = UsualExponent)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        _upTo = new double[count];
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            _upTo[i] = sum += Math.Pow(i + 1, -exponent);
        }

        for (var i = 0; i < count; i++)
        {
            _upTo[i] /= sum;
        }
    }

    /// <summary>The number, from 0, that a share of chance stands for.</summary>
    /// <param name="share">0 to below 1.</param>
    public int Pick(double share)
    {
        var at = Array.BinarySearch(_upTo, share);
        return Math.Min(at < 0 ? ~at : at + 1, _upTo.Length - 1);
    }
}
