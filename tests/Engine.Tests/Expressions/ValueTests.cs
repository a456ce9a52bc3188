using Decisioning.Engine.Expressions;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Tests.Expressions;

public sealed class ValueTests
{
    private static readonly ExpressionOptions AnyConstant = new() { RefuseConstantConditions = false };

    [Theory]
    // Literals.
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    [InlineData("0xff", "255")]
    [InlineData("0xFFu", "255u")]
    [InlineData("1e3", "1000.0")]
    [InlineData(".5", "0.5")]
    [InlineData("'it''s' == 'its'", null)]
    [InlineData("'a\\tb\\u00e9\\x41\\101'", "\"a\tbéAA\"")]
    [InlineData("r'a\\tb'", "\"a\\tb\"")]
    [InlineData("'''a\n'b' '''", "\"a\n'b' \"")]
    [InlineData("b'\\xff\\001a'", "b\"ff0161\"")]
    [InlineData("1 // the rest is a comment\n + 2", "3")]
    // Arithmetic.
    [InlineData("1 + 2 * 3 - 4 / 2 % 2", "7")]
    [InlineData("7 / -2", "-3")]
    [InlineData("7 % -2", "1")]
    [InlineData("7u - 2u", "5u")]
    [InlineData("1.0 / 0.0 > 1.0", "true")]
    [InlineData("--3", "3")]
    [InlineData("'a' + 'b'", "\"ab\"")]
    [InlineData("[1] + [2, 3]", "[1, 2, 3]")]
    [InlineData("9223372036854775807 + 1", null)]
    [InlineData("-9223372036854775808 - 1", null)]
    [InlineData("5000000000 * 5000000000", null)]
    [InlineData("-9223372036854775808 / -1", null)]
    [InlineData("1u - 2u", null)]
    [InlineData("1 % 0", null)]
    // Comparison across numbers.
    [InlineData("1 == 1.0 && 1u == 1 && 2 > 1.5 && 1u < 1.5", "true")]
    [InlineData("9007199254740993 > 9007199254740992.0", "true")]
    [InlineData("-1 < 0u", "true")]
    [InlineData("double('NaN') == double('NaN')", "false")]
    [InlineData("[1, 2.0, 3u] == [1.0, 2u, 3]", "true")]
    [InlineData("{'a': 1, 'b': [2]} == {'b': [2.0], 'a': 1u}", "true")]
    [InlineData("'\U0001F600' > '\uFFFF'", "true")]
    // Conversions.
    [InlineData("int('-42') + int(3.99) + int(7u)", "-32")]
    [InlineData("int('4x')", null)]
    [InlineData("int(1e19)", null)]
    [InlineData("uint(-1)", null)]
    [InlineData("double('2.5e1')", "25.0")]
    [InlineData("string(1.5) + string(2) + string(true) + string(2.0)", "\"1.52true2\"")]
    [InlineData("bool('true')", "true")]
    [InlineData("bool('yes')", null)]
    [InlineData("string(b'\\xff')", null)]
    [InlineData("string(bytes('é'))", "\"é\"")]
    [InlineData("type(1) == int && type('a') == string && type([]) == list && type(null) == null_type", "true")]
    // Time.
    [InlineData("timestamp('2026-11-02T13:30:15.25+02:00')", "2026-11-02T11:30:15.25Z")]
    [InlineData("timestamp('2026-11-02')", null)]
    [InlineData("timestamp('2026-02-30T00:00:00Z')", null)]
    [InlineData("timestamp('2026-11-02T00:00:00Z') + duration('36h')", "2026-11-03T12:00:00Z")]
    [InlineData("timestamp('2026-11-02T00:00:00Z') - timestamp('2026-11-01T00:00:00Z') == duration('1d')", "true")]
    [InlineData("timestamp('9999-12-31T23:59:59Z') + duration('1s')", null)]
    [InlineData("duration('1h30m') + duration('0.5s')", "5400.5s")]
    [InlineData("duration('1w') == duration('7d')", "true")]
    [InlineData("duration('')", null)]
    [InlineData("duration('-1.5h').getMinutes()", "-90")]
    [InlineData("timestamp('2026-11-02T23:30:00Z').getDayOfWeek()", "1")]
    [InlineData("timestamp('2026-11-02T23:30:00Z').getDate('Asia/Ho_Chi_Minh')", "3")]
    [InlineData("timestamp('2026-07-02T23:30:00Z').getHours('Europe/Berlin')", "1")]
    [InlineData("timestamp('2026-01-02T23:30:00Z').getHours('Europe/Berlin')", "0")]
    [InlineData("timestamp('2026-01-02T23:30:00Z').getHours('-03:30')", "20")]
    [InlineData("timestamp('2026-01-02T23:30:00Z').getHours('Mars/Base')", null)]
    [InlineData("string(timestamp('2026-01-02T23:30:00Z')) + string(duration('90m'))", "\"2026-01-02T23:30:00Z5400s\"")]
    // Texts.
    [InlineData("size('héé\U0001F600')", "4")]
    [InlineData("'booking'.contains('ok') && 'booking'.startsWith('boo') && 'booking'.endsWith('ing')", "true")]
    [InlineData("'a1b2'.matches('^[a-z][0-9]') && matches('x', 'x|y')", "true")]
    [InlineData("'a'.lowerAscii() + 'b'.upperAscii() + ' c '.trim()", "\"aBc\"")]
    // Lists and maps.
    [InlineData("[1, 2, 3][1]", "2")]
    [InlineData("[1, 2, 3][3]", null)]
    [InlineData("{'a': 1, 'b': 2}['b']", "2")]
    [InlineData("{'a': 1}.b", null)]
    [InlineData("{1: 'x', 2u: 'y', true: 'z'}[2]", "\"y\"")]
    [InlineData("{'a': 1, 'a': 2}", null)]
    [InlineData("size([1, 2]) + size({'a': 1})", "3")]
    [InlineData("2 in [1, 2] && 'a' in {'a': 1} && !(3 in [1, 2])", "true")]
    [InlineData("has({'a': null}.a) && !has({'a': 1}.b)", "true")]
    [InlineData("[1, 2, 3].map(x, x * x)", "[1, 4, 9]")]
    [InlineData("[1, 2, 3].map(x, x > 1, x * x)", "[4, 9]")]
    [InlineData("[1, 2, 3].filter(x, x != 2)", "[1, 3]")]
    [InlineData("[1, 2, 3].exists_one(x, x > 2)", "true")]
    [InlineData("[[1, 2], [3]].map(l, l.map(x, x + size(l)))", "[[3, 4], [4]]")]
    [InlineData("{'a': 1, 'b': 2}.filter(k, k > 'a')", "[\"b\"]")]
    [InlineData("[1, 'a', true].map(x, type(x) == int)", "[true, false, false]")]
    [InlineData("[0, 2].exists(x, 4 / x == 2)", "true")]
    [InlineData("[0, 3].exists(x, 4 / x == 2)", null)]
    [InlineData("[0, 3].all(x, 4 / x == 2)", "false")]
    [InlineData("[0, 2].all(x, 4 / x == 2)", null)]
    [InlineData("[0, 2].exists_one(x, 4 / x == 2)", null)]
    // Over a context.
    [InlineData("features.spend_1y * 2.0", "501.0")]
    [InlineData("features.visits_1y > 2 ? 'often' : 'seldom'", "\"often\"")]
    [InlineData("profile.nps", "null")]
    [InlineData("features.dropped_booking ? profile.nps : 3", "null")]
    [InlineData("profile.plan", "\"basic\"")]
    [InlineData("profile.labels", "{color: \"red\", size: \"xl\"}")]
    [InlineData("profile.numbers.map(n, n + 1)", "[2, 3, 4]")]
    [InlineData("event.products.map(p, p.price)", "[5.0, 50.0]")]
    [InlineData("event.products[1].price", "50.0")]
    [InlineData("grade(\"lead\")", "\"mql\"")]
    [InlineData("[profile.nps, features.visits_1y]", "[null, 3]")]
    [InlineData("now.getHours()", "13")]
    [InlineData("now + features.session", "2026-11-02T15:00:15Z")]
    [InlineData("event.price + features.spend_1y", "263.0")]
    [InlineData("event.price + event.topic", null)]
    [InlineData("event.unheard.price", null)]
    public void An_expression_gives(string text, string? expected)
    {
        var compilation = ExpressionCompiler.Compile(text, Visitor.Schema, CelType.Dyn, AnyConstant);
        string? actual = null;
        if (compilation.TryGet(out var expression) && expression.TryValue(new Visitor(), out var value))
        {
            actual = value.ToString();
        }

        Assert.Equal(expected, actual);
        Assert.Equal(expected is null, expression?.Explain(new Visitor()) is not null || expression is null);
    }

    [Fact]
    public void Each_type_is_read_without_a_detour()
    {
        var visitor = new Visitor { Nps = 9, Weight = 70.5 };
        Assert.True(Visitor.Compile("features.visits_1y + 1", CelType.Int).TryInt(visitor, out var integer));
        Assert.True(Visitor.Compile("features.points", CelType.UInt).TryUInt(visitor, out var unsigned));
        Assert.True(Visitor.Compile("profile.weight + 0.5", CelType.Double).TryDouble(visitor, out var number));
        Assert.True(Visitor.Compile("device.type + '!'", CelType.String).TryString(visitor, out var text));
        Assert.True(Visitor.Compile("now", CelType.Timestamp).TryTimestamp(visitor, out var instant));
        Assert.True(Visitor.Compile("now - features.last_visit", CelType.Duration).TryDuration(visitor, out var span));
        Assert.True(Visitor.Compile("profile.nps > 8", CelType.Bool).TryBool(visitor, out var truth));
        Assert.Equal((4L, 7UL, 71.0, "mobile!", visitor.Now, visitor.Now - visitor.LastVisit!.Value, true), (integer, unsigned, number, text, instant, span, truth));
        Assert.Throws<InvalidOperationException>(() => Visitor.Compile("1", CelType.Int).Test(visitor));
    }

    [Fact]
    public void A_dynamic_result_is_checked_when_it_runs()
    {
        var price = Visitor.Compile("event.price", CelType.Double);
        Assert.True(price.TryDouble(new Visitor(), out var value));
        Assert.Equal(12.5, value);
        Assert.False(price.TryDouble(new Visitor { Event = PropertyMap.Of(("price", Value.Of("much"))) }, out _));
        Assert.False(price.TryDouble(new Visitor { Event = PropertyMap.Empty }, out _));
    }

    [Fact]
    public void Macros_end_at_their_limit_of_steps()
    {
        var visitor = new Visitor { Numbers = Value.Of([.. Enumerable.Range(0, 400).Select(i => Value.Of(i))]) };
        var few = Visitor.Compile("profile.numbers.all(x, profile.numbers.exists(y, y == 0))", CelType.Bool);
        var many = Visitor.Compile("profile.numbers.all(x, profile.numbers.all(y, profile.numbers.all(z, z >= 0)))", CelType.Bool);
        Assert.Equal(Truth.True, few.Test(visitor));
        Assert.Equal(Truth.Error, many.Test(visitor));
        Assert.Contains("more than 100000 steps", many.Explain(visitor));
    }

    [Theory]
    [InlineData("[profile.numbers]", ".map(l, l + l)", "[0].size()")]
    [InlineData("[device.type]", ".map(t, t + t)", "[0].size()")]
    [InlineData("[profile.numbers]", ".map(l, [l, l])", ".size()")]
    [InlineData("[device.type]", ".map(t, t.replace('m', 'mm'))", "[0].size()")]
    [InlineData("[device.type]", ".map(t, [t, t].join(t))", "[0].size()")]
    [InlineData("[device.type]", ".map(t, '%s%s%s'.format([t, t, t]))", "[0].size()")]
    [InlineData("profile.numbers", "", ".map(n, profile.numbers.map(m, profile.numbers.map(o, [n, m, o, 1, 1, 1, 1, 1, 1]))).size()")]
    [InlineData("profile.numbers", "", ".filter(n, 'x'.matches(device.type + '{' + string(n) + '}')).size()")]
    [InlineData("profile.numbers", "", ".filter(n, n in profile.numbers && n + 1 in profile.numbers).size()")]
    public void Texts_and_lists_that_macros_build_and_compare_end_at_the_limit_of_steps(string start, string repeated, string end)
    {
        var visitor = new Visitor { Numbers = Value.Of([.. Enumerable.Range(0, 300).Select(i => Value.Of(i))]) };
        var expression = Visitor.Compile(start + string.Concat(Enumerable.Repeat(repeated, 24)) + end, CelType.Int);
        Assert.False(expression.TryInt(visitor, out _));
        Assert.Contains("more than 100000 steps", expression.Explain(visitor));
    }

    [Fact]
    public void A_text_ends_at_its_limit_of_length()
    {
        var visitor = new Visitor { Device = new string('x', ExpressionLimits.StringLengthMax) };
        var expression = Visitor.Compile("device.type + 'y'", CelType.String);
        Assert.False(expression.TryString(visitor, out _));
        Assert.Contains("beyond the allowed length", expression.Explain(visitor));
    }
}
