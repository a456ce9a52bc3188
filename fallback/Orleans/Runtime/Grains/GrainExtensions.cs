using Orleans.Runtime;

namespace Orleans;

public static class GrainExtensions
{
    /// <summary>A reference to this grain, to hand to others: a grain never hands out `this`.</summary>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain) => (TGrainInterface)AsReference(grain, typeof(TGrainInterface));

    public static TGrainInterface Cast<TGrainInterface>(this IAddressable grain) => grain.AsReference<TGrainInterface>();

    public static object AsReference(this IAddressable grain, Type interfaceType)
    {
        ArgumentNullException.ThrowIfNull(grain);
        var reference = grain as GrainReference ?? Context(grain).GrainReference;
        return interfaceType.IsInstanceOfType(reference) ? reference : reference.Shared.Factory.Reference(interfaceType, reference.GrainId);
    }

    public static GrainId GetGrainId(this IAddressable grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return grain is GrainReference reference ? reference.GrainId : Context(grain).GrainId;
    }

    public static bool IsPrimaryKeyBasedOnLong(this IAddressable grain) => grain.GetGrainId().TryGetIntegerKey(out _, out _);

    public static long GetPrimaryKeyLong(this IAddressable grain, out string? keyExt)
    {
        var grainId = grain.GetGrainId();
        return grainId.TryGetIntegerKey(out var key, out keyExt)
            ? key
            : throw new InvalidOperationException($"Unable to extract integer key from grain id {grainId}");
    }

    public static long GetPrimaryKeyLong(this IAddressable grain) => grain.GetPrimaryKeyLong(out _);

    public static Guid GetPrimaryKey(this IAddressable grain, out string? keyExt)
    {
        var grainId = grain.GetGrainId();
        if (grainId.TryGetGuidKey(out var key, out keyExt))
        {
            return key;
        }

        if (!grainId.TryGetIntegerKey(out var number, out keyExt))
        {
            throw new InvalidOperationException($"Unable to extract GUID key from grain id {grainId}");
        }

        // An integer key read as a guid has its eight bytes last, lowest first.
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], number);
        return new Guid(bytes);
    }

    public static Guid GetPrimaryKey(this IAddressable grain) => grain.GetPrimaryKey(out _);

    public static string GetPrimaryKeyString(this IAddressable grain) => grain.GetGrainId().Key.ToString();

    private static IGrainContext Context(IAddressable grain) => grain switch
    {
        IGrainBase { GrainContext: { } context } => context,
        IGrainBase => throw new ArgumentException(
            "Passing a half baked grain as an argument. It is possible that you instantiated a grain class explicitly, as a regular object and not via Orleans runtime",
            nameof(grain)),
        _ => throw new ArgumentException(
            $"GetGrainId has been called on an unexpected type: {grain.GetType().FullName}. Derive from {nameof(Grain)} or implement {nameof(IGrainBase)}.",
            nameof(grain)),
    };
}
