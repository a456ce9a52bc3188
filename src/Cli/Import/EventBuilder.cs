using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Decisioning.Engine.Values;
using Decisioning.V1;
using Google.Protobuf.WellKnownTypes;
using NodaTime;
using NodaTime.Text;
using NodaTime.TimeZones;
using ProtoValue = Google.Protobuf.WellKnownTypes.Value;

namespace Decisioning.Cli.Import;

/// <summary>Makes events of groups of rows, as a mapping says.</summary>
internal sealed class EventBuilder(ImportMap map, Action<long, string> report)
{
    private static readonly ZoneLocalMappingResolver Lenient = Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnForwardShifted);

    /// <summary>Most neighbouring rows of one event: far more than an event can hold as a list, and still little memory.</summary>
    public const int GroupRowsMax = 100_000;

    // Twenty times what an event may have, and far less than what one message to the engine may.
    private const int EventBytesMax = 20 * Engine.Limits.EventBytesMax;

    /// <summary>Rows that were read so far.</summary>
    public long Rows { get; private set; }

    /// <summary>
    /// Neighbouring rows that are one event. Next to a row that could not be read stands a group it may belong to: that is reported
    /// and left out, since half of it under the same message id would stand in the way of the whole.
    /// </summary>
    /// <exception cref="InvalidDataException">A group has more rows than <see cref="GroupRowsMax"/>.</exception>
    public IEnumerable<List<ImportRow>> Groups(IEnumerable<ImportRow> rows)
    {
        var isTorn = false;
        foreach (var group in WithGaps(rows))
        {
            var isGap = group[0].IsGap;
            if (!isGap && isTorn)
            {
                report(group[0].Line, "is left out with its group: a row next to it could not be read");
            }
            else if (!isGap)
            {
                yield return group;
            }

            isTorn = isGap;
        }
    }

    private IEnumerable<List<ImportRow>> WithGaps(IEnumerable<ImportRow> rows)
    {
        List<ImportRow> group = [];
        foreach (var row in rows)
        {
            if (row.IsGap && map.GroupBy.IsEmpty)
            {
                continue;
            }

            if (row.IsGap)
            {
                if (group is [{ IsGap: false }, ..])
                {
                    report(group[0].Line, "is left out with its group: a row next to it could not be read");
                }

                group = [row];
                continue;
            }

            Rows++;
            if (group is [{ IsGap: true }])
            {
                yield return group;
                group = [];
            }

            if (group.Count > 0 && (map.GroupBy.IsEmpty || map.GroupBy.Any(column => group[0].Values[column] != row.Values[column])))
            {
                yield return group;
                group = [];
            }

            if (group.Count == GroupRowsMax)
            {
                throw new InvalidDataException($"more than {GroupRowsMax} rows from line {group[0].Line} on have the same `group_by`; group by a column that tells events apart");
            }

            group.Add(row);
        }

        if (group.Count > 0)
        {
            yield return group;
        }
    }

    /// <summary>The event of a group; null when it cannot be made, which is reported with the row.</summary>
    public Event? Build(List<ImportRow> group)
    {
        var (first, last) = (group[0], group[^1]);
        var name = map.Events.FirstOrDefault(e => e.When is null || e.When.Test(first) == Engine.Expressions.Truth.True)?.Name;
        if (name is null)
        {
            report(first.Line, "no event of the mapping applies to it; add one without `when` at the end of `events`");
            return null;
        }

        var userId = map.UserId is { } user ? first.Values[user] : string.Empty;
        var anonymousId = map.AnonymousId is { } anonymous && userId.Length == 0 ? first.Values[anonymous] : string.Empty;
        if (userId.Length == 0 && anonymousId.Length == 0)
        {
            report(first.Line, "names no customer; map `customer.anonymous_id` to a column that is never empty");
            return null;
        }

        var timeRow = map.TimeOfLast ? last : first;
        if (!TryTime(timeRow.Values[map.Time.Column], out var timestamp))
        {
            report(timeRow.Line, $"`{timeRow.Values[map.Time.Column]}` is not a time as the mapping's `time` writes it");
            return null;
        }

        var result = new Event
        {
            Type = Decisioning.V1.EventType.Track,
            Event_ = name,
            MessageId = MessageId(first),
            UserId = userId,
            AnonymousId = anonymousId,
            Timestamp = timestamp,
            Properties = new Struct(),
        };
        if (!Fill(result.Properties, map.Properties, group))
        {
            return null;
        }

        if (!map.Products.IsEmpty)
        {
            var products = new ListValue();
            foreach (var row in group)
            {
                var product = new Struct();
                if (!Fill(product, map.Products, [row]))
                {
                    return null;
                }

                products.Values.Add(ProtoValue.ForStruct(product));
            }

            result.Properties.Fields["products"] = new ProtoValue { ListValue = products };
        }

        if (!map.Context.IsEmpty)
        {
            result.Context = new Struct();
            if (!Fill(result.Context, map.Context, group))
            {
                return null;
            }
        }

        if (result.CalculateSize() is > EventBytesMax and var bytes)
        {
            report(first.Line, $"makes an event of {bytes / 1024} KB; an event has at most {Engine.Limits.EventBytesMax / 1024} KB");
            return null;
        }

        return result;
    }

    private bool Fill(Struct target, IReadOnlyList<MappedProperty> properties, List<ImportRow> group)
    {
        foreach (var (name, source) in properties)
        {
            if (!TryRead(name, source, group, out var value))
            {
                return false;
            }

            if (value is not null)
            {
                target.Fields[name] = value;
            }
        }

        return true;
    }

    private bool TryRead(string name, PropertySource source, List<ImportRow> group, out ProtoValue? value)
    {
        value = null;
        switch (source)
        {
            case PropertySource.Column column:
                var row = column.OfLast ? group[^1] : group[0];
                return TryColumn(name, column, row, out value);
            case PropertySource.Value single:
                if (!single.Expression.TryValue(group[0], out var result))
                {
                    report(group[0].Line, $"`{name}` has no value: {single.Expression.Explain(group[0])}");
                    return false;
                }

                value = ToProto(result);
                return true;
            default:
                return TrySum(name, ((PropertySource.Sum)source).Expression, group, out value);
        }
    }

    private bool TrySum(string name, Engine.Expressions.CompiledExpression<ImportRow> expression, List<ImportRow> group, out ProtoValue? value)
    {
        value = null;
        var (sum, lost) = (0d, 0d);
        foreach (var row in group)
        {
            if (!expression.TryValue(row, out var part) || !part.TryNumber(out var number))
            {
                report(row.Line, $"`{name}` cannot be summed: {expression.Explain(row) ?? "it is not a number"}");
                return false;
            }

            // Neumaier's compensation: money over hundreds of lines stays right to the last penny.
            var next = sum + number;
            lost += Math.Abs(sum) >= Math.Abs(number) ? sum - next + number : number - next + sum;
            sum = next;
        }

        const int decimals = 9;
        value = ProtoValue.ForNumber(Math.Abs(sum) < 1e6 ? Math.Round(sum + lost, decimals) : sum + lost);
        return true;
    }

    private bool TryColumn(string name, PropertySource.Column column, ImportRow row, out ProtoValue? value)
    {
        var text = row.Values[column.Index];
        value = null;
        if (text.Length == 0)
        {
            return true;
        }

        switch (column.Type)
        {
            case ColumnType.Int when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer):
                value = ProtoValue.ForNumber(integer);
                return true;
            case ColumnType.Double when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number):
                value = ProtoValue.ForNumber(number);
                return true;
            case ColumnType.Bool when text.ToLowerInvariant() is "true" or "1" or "yes":
                value = ProtoValue.ForBool(true);
                return true;
            case ColumnType.Bool when text.ToLowerInvariant() is "false" or "0" or "no":
                value = ProtoValue.ForBool(false);
                return true;
            case ColumnType.Time when TryTime(text, out var time):
                value = ProtoValue.ForString(time.ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture));
                return true;
            case ColumnType.String:
                value = ProtoValue.ForString(text);
                return true;
            default:
                report(row.Line, $"`{name}`: `{text}` is not of type `{column.Type.ToString().ToLowerInvariant()}`; correct the row or the mapping's `type`");
                return false;
        }
    }

    private bool TryTime(string text, out Timestamp time)
    {
        time = new Timestamp();
        switch (map.Time.Format)
        {
            case TimeFormat.Local local when local.Pattern.Parse(text) is { Success: true, Value: var at } && IsSensible(at.Year):
                time = ToTimestamp(at.InZone(local.Zone, Lenient).ToInstant());
                return true;
            case TimeFormat.Iso when OffsetDateTimePattern.ExtendedIso.Parse(text) is { Success: true, Value: var at } && IsSensible(at.Year):
                time = ToTimestamp(at.ToInstant());
                return true;
            case TimeFormat.Unix unix when decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number / (unix.Milliseconds ? 1000 : 1) is > -62_135_596_800m and < 253_402_214_400m and var seconds:
                time = ToTimestamp(Instant.FromUnixTimeTicks((long)(seconds * NodaConstants.TicksPerSecond)));
                return true;
            default:
                return false;
        }
    }

    // The engine refuses what is before 1900; the ends of the calendar would overflow here.
    private static bool IsSensible(int year) => year is > 1 and < 9999;

    private static Timestamp ToTimestamp(Instant at) => Timestamp.FromDateTimeOffset(at.ToDateTimeOffset());

    // The same row gives the same id in every import, so importing again is harmless.
    private string MessageId(ImportRow row) => map.MessageId.IsEmpty
        ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001f', row.Values))).AsSpan(0, 16))
        : string.Join('-', map.MessageId.Select(column => row.Values[column]));

    private static ProtoValue? ToProto(Engine.Values.Value value) => value.Kind switch
    {
        ValueKind.Null => null,
        ValueKind.Bool => ProtoValue.ForBool(value.AsBool()),
        ValueKind.String => ProtoValue.ForString(value.AsString()),
        _ when value.TryNumber(out var number) => ProtoValue.ForNumber(number),
        ValueKind.Duration => ProtoValue.ForNumber(value.AsDuration().TotalSeconds),
        _ => ProtoValue.ForString(value.ToString()),
    };
}
