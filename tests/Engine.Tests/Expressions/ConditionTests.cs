using Decisioning.Engine.Expressions;

namespace Decisioning.Engine.Tests.Expressions;

public sealed class ConditionTests
{
    [Theory]
    [InlineData("features.visits_1y > 0 && now - features.last_visit > duration(\"180d\")", Truth.True)]
    [InlineData("features.visits_1y >= 5 && features.visits_1y == 0", Truth.False)]
    [InlineData("event.price > 12.0", Truth.True)]
    [InlineData("event.topic == \"diabetes\"", Truth.True)]
    [InlineData("event.count <= 6", Truth.True)]
    [InlineData("event.count <= 6.5", Truth.True)]
    [InlineData("grade(\"lead\") >= \"mql\" || features.dropped_booking", Truth.True)]
    [InlineData("grade(\"lead\") == \"sql\"", Truth.False)]
    [InlineData("device.type == \"mobile\" || device.type == \"app\"", Truth.True)]
    [InlineData("now.hour >= 9 && now.hour < 20 && !features.dropped_booking", Truth.False)]
    [InlineData("profile.nps == null || profile.nps > 4", Truth.True)]
    [InlineData("profile.nps > 4", Truth.Error)]
    [InlineData("profile.nps > 4 || features.dropped_booking", Truth.True)]
    [InlineData("features.last_visit != null && age(features.last_visit) >= 40", Truth.False)]
    [InlineData("calendar.days_until(\"diabetes_day\") <= 14 || features.visits_1y >= 2", Truth.True)]
    [InlineData("profile.plan == \"basic\"", Truth.True)]
    [InlineData("profile.plan in [\"basic\", \"family\"]", Truth.True)]
    [InlineData("profile.vip", Truth.Error)]
    [InlineData("event.products.exists(p, p.price > 20.0)", Truth.True)]
    [InlineData("event[\"first name\"].startsWith(\"A\")", Truth.True)]
    [InlineData("event.`first name`.startsWith(\"B\")", Truth.False)]
    [InlineData("event.unheard == null", Truth.True)]
    [InlineData("has(event.price) && !has(event.unheard) && !has(event.nothing)", Truth.True)]
    [InlineData("event.address.city == 'Bonn'", Truth.True)]
    [InlineData("profile.labels.color == 'red' && 'size' in profile.labels && has(profile.labels.size)", Truth.True)]
    [InlineData("profile.labels.weight == 'red'", Truth.Error)]
    [InlineData("'hot' in profile.tags", Truth.True)]
    [InlineData("features.visits_1y in [1, 2, 3]", Truth.True)]
    [InlineData("features.spend_1y > 200", Truth.True)]
    [InlineData("features.points >= 7u && features.points < 8", Truth.True)]
    [InlineData("text.twice(device.type) == 'mobilemobile'", Truth.True)]
    [InlineData("first(profile.tags) == 'hot'", Truth.True)]
    [InlineData("10 / (features.visits_1y - 3) > 1", Truth.Error)]
    [InlineData("true", Truth.True)]
    public void A_condition_comes_to(string text, Truth expected) =>
        Assert.Equal(expected, Visitor.Compile(text, CelType.Bool).Test(new Visitor()));
}
