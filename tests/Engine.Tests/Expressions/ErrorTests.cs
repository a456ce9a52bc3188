using Decisioning.Engine.Expressions;

namespace Decisioning.Engine.Tests.Expressions;

public sealed class ErrorTests
{
    [Theory]
    // Names.
    [InlineData("features.visits_1x > 0", "1:10: `features` has no `visits_1x`; did you mean `visits_1y`?")]
    [InlineData("feature.visits_1y > 0", "1:1: `feature` is not known; did you mean `features`?")]
    [InlineData("visits_1y > 0", "1:1: `visits_1y` is not known; did you mean `features.visits_1y`?")]
    [InlineData("device.type == mobile", "1:16: `mobile` is not known; a text is written `\"mobile\"`")]
    [InlineData("features > 0", "1:1: `features` is a group of names, not a value; write `features.` and one of them; known are `dropped_booking`, `last_visit`, `points`, `session`, `spend_1y`, `visits_1y`")]
    [InlineData("booking.prize > 1", "1:9: `booking` has no `prize`; known are `specialty`; declare it under events")]
    [InlineData("now.hours > 3", "1:5: `now` has no `hours`; did you mean `hour`?")]
    [InlineData("features.last_visit.hour > 3", "1:21: a timestamp has no member `hour`; ask for its parts with `.getHours(\"Europe/Berlin\")`, `.getDayOfWeek(…)`, `.getFullYear(…)` and the like")]
    [InlineData("grade(\"led\") >= \"mql\"", "1:7: there is no score `led`; scores are `lead`")]
    [InlineData("grade(\"lead\") >= \"mqll\"", "1:18: `mqll` is no grade; grades are `none`, `mql`, `sql`")]
    [InlineData("grade(device.type) >= \"mql\"", "1:7: `grade` takes one argument written out in quotes: `grade(\"…\")`")]
    [InlineData("calendar.days_til(\"x\") > 1", "1:10: `calendar` has no function `days_til`; did you mean `days_until`?")]
    [InlineData("sise(profile.tags) > 1", "1:1: there is no function `sise`; did you mean `size`?")]
    [InlineData("contains(device.type, \"x\")", "1:1: `contains` is written `x.contains(…)`")]
    // Types.
    [InlineData("features.visits_1y + 2.5 > 3.0", "1:1: `+` does not take an int and a double; write `double(features.visits_1y)`")]
    [InlineData("features.spend_1y * 2 > 3.0", "1:1: `*` does not take a double and an int; write `2.0`")]
    [InlineData("device.type + 1 == \"x\"", "1:1: `+` does not take a string and an int; write `string(1)`")]
    [InlineData("features.visits_1y == \"3\"", "1:1: `features.visits_1y` is an int and `\"3\"` a string: they are never equal; write the number without quotes")]
    [InlineData("features.last_visit < \"2026-01-01\"", "1:1: `<` does not compare a timestamp or null with a string; write the moment as `timestamp(\"2026-12-31T00:00:00Z\")`")]
    [InlineData("features.session > 30", "1:1: `>` does not compare a duration with an int; write the span as `duration(\"14d\")`")]
    [InlineData("features.visits_1y", "1:1: this is an int, but a bool is wanted here; compare it, as in `features.visits_1y > 0`")]
    [InlineData("device.type && features.dropped_booking", "1:1: `&&` wants a bool, but `device.type` is a string; compare it, as in `device.type == \"…\"`")]
    [InlineData("features.visits_1y == null", "1:1: `features.visits_1y` is never null")]
    [InlineData("\"a\" in device.type", "1:1: `in` wants a list or a map on its right, but `device.type` is a string; write `device.type.contains(\"a\")`")]
    [InlineData("!features.dropped_booking in profile.tags", "1:1: `!` goes before `in` here; write `!(features.dropped_booking in profile.tags)`")]
    [InlineData("age(device.type) > 3", "1:5: `age` wants a timestamp here, but `device.type` is a string")]
    [InlineData("age() > 3", "1:1: `age` takes one argument: `age(timestamp)`")]
    [InlineData("device.type.startsWith(3)", "1:1: `startsWith(int)` of a string does not exist; it is `string.startsWith(string)`")]
    [InlineData("profile.tags.exists(1, true)", "1:21: `exists` wants a name first, as in `profile.tags.exists(x, …)`")]
    [InlineData("features.dropped_booking ? 1 : 2.0", "1:1: `? :` gives an int or a double; both sides want one type; make both double: `2.0` or `double(…)`")]
    // Always true, always false.
    [InlineData("1 > 2", "1:1: `1 > 2` is always false; one side wants to be a value of the customer or the event")]
    [InlineData("features.visits_1y == features.visits_1y", "1:1: `features.visits_1y` is compared with itself, which is always true")]
    [InlineData("profile.nps > 10", "1:1: `profile.nps > 10` is always false: `profile.nps` goes from 0 to 10")]
    [InlineData("profile.nps >= 0", "1:1: `profile.nps >= 0` is always true: `profile.nps` goes from 0 to 10")]
    [InlineData("11 == profile.nps", "1:1: `11 == profile.nps` is always false: `profile.nps` goes from 0 to 10")]
    [InlineData("24 > now.hour", "1:1: `24 > now.hour` is always true: `now.hour` goes from 0 to 23")]
    [InlineData("profile.plan == \"basik\"", "1:17: `profile.plan` is never `basik`; did you mean `basic`?")]
    [InlineData("profile.plan in [\"basic\", \"gold\"]", "1:27: `profile.plan` is never `gold`; known are `basic`, `family`, `none`")]
    [InlineData("features.visits_1y > 1 / 0", "1:22: `1 / 0` divides by zero")]
    [InlineData("features.session > duration(\"3 days\")", "1:20: `duration(\"3 days\")` cannot read that text; write such as `duration(\"1h30m\")` or `duration(\"14d\")`")]
    [InlineData("device.type.matches(\"(\")", "1:21: this pattern cannot be used: a `(` is not closed")]
    [InlineData("math.abbs(features.spend_1y) > 1.0", "1:6: `math` has no function `abbs`; did you mean `abs`?")]
    [InlineData("math.abs(device.type) > 1", "1:1: `math.abs(string)` does not exist; it is `math.abs(int)` or `math.abs(uint)` or `math.abs(double)`")]
    [InlineData("'%s of %d'.format([device.type]) == 'x'", "1:1: this format takes 2 arguments, but its list has 1")]
    [InlineData("'%y'.format([device.type]) == 'x'", "1:1: this format has a clause that is not known; there are `%s %d %f %e %b %o %x %X`, `%.2f` for two decimals, and `%%` for a percent sign")]
    [InlineData("cel.bind(1, 2, true)", "1:10: `cel.bind` wants a name first, as in `cel.bind(x, 2 + 3, x * x)`")]
    [InlineData("profile.tags.exists(x, x, true)", "1:24: `exists` wants two different names first, as in `profile.tags.exists(i, x, …)`")]
    // Syntax.
    [InlineData("", "1:1: the expression is empty; write a condition such as `features.visits > 3`, or `true`")]
    [InlineData("features.visits_1y = 3", "1:20: a single `=` means nothing here; write `==` to compare")]
    [InlineData("features.visits_1y > 3 and true", "1:24: `and` is written `&&`")]
    [InlineData("device.type == “mobile”", "1:16: write straight quotes, `\"`, around a text")]
    [InlineData("device.type == \"mobile", "1:16: this text has no end; close it with `\"`")]
    [InlineData("(features.visits_1y > 3", "1:24: the expression ends too early; close the bracket with `)`")]
    [InlineData("features.visits_1y >", "1:21: the expression ends too early; a value wants to follow")]
    [InlineData("features.session > 14d", "1:20: `14d` is not a number; a span of time is written `duration(\"14d\")`, a text `\"14d\"`")]
    [InlineData("if features.dropped_booking", "1:1: there is no `if`; write `condition ? then : otherwise`")]
    [InlineData("Visit{price: 3}", "1:1: `Visit{…}` makes a message, which strategies do not have; a map is written `{\"name\": value}`")]
    [InlineData("features.visits_1y > 3 4", "1:24: `4` cannot stand here")]
    public void A_mistake_is_told_with_its_place_and_cure(string text, string expected) =>
        Assert.Equal([expected], ErrorsOf(text));

    [Fact]
    public void All_mistakes_are_told_at_once_each_at_its_line_and_column() => Assert.Equal(
        [
            "1:10: `features` has no `visit_1y`; did you mean `visits_1y`?",
            "2:6: `device.type` is a string and `3` an int: they are never equal",
            "3:6: `profile.nps > 10` is always false: `profile.nps` goes from 0 to 10",
        ],
        ErrorsOf("features.visit_1y > 2\n  && device.type == 3\n  && profile.nps > 10"));

    [Fact]
    public void An_expression_that_is_too_long_or_too_deep_is_refused()
    {
        Assert.Contains("16384 are allowed", Assert.Single(ErrorsOf(new string(' ', 20_000) + "true")));
        Assert.Contains("levels deep", Assert.Single(ErrorsOf(new string('(', 5_000) + "1" + new string(')', 5_000))));
        Assert.Contains("levels deep", Assert.Single(ErrorsOf(string.Join(" + ", Enumerable.Repeat("1", 3_000)))));
        Assert.Contains("levels deep", Assert.Single(ErrorsOf(new string('!', 3_000) + "true")));
        Assert.Contains("levels deep", Assert.Single(ErrorsOf("event" + string.Concat(Enumerable.Repeat(".a", 3_000)))));
    }

    private static List<string> ErrorsOf(string text) =>
        [.. ExpressionCompiler.Compile(text, Visitor.Schema, CelType.Bool).Errors.Select(error => error.ToString())];
}
