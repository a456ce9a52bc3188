using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Npgsql;
using StackExchange.Redis;
using Api = Decisioning.V1;

namespace Decisioning.LoadTests.Stateless;

/// <summary>Answers questions: reads the customer, evaluates, counts what it offers, forgets.</summary>
internal sealed class ServiceDecisions(ServicePlan plan, IDatabase redis, ServiceDatabase database, DecisionLog log, TimeProvider time) : Api.Decisions.DecisionsBase
{
    /// <inheritdoc/>
    public override async Task<Api.NextBestActionResponse> NextBestAction(Api.NextBestActionRequest request, ServerCallContext context)
    {
        if (request.Customer is not { UserId: { Length: > 0 } customer } || request.Placements is not [var placement])
        {
            throw new RpcException(new(StatusCode.InvalidArgument, "`customer.user_id` and one of `placements` are needed"));
        }

        try
        {
            var now = time.GetUtcNow();
            var today = Profile.DayOf(now);
            var (profile, contacts) = await FindAsync(customer, today);
            var (channel, device) = ProfileFacts.Situation(profile, request.Context);
            var chosen = ServiceDecider.Decide(
                plan, (request.Channel, placement), new(profile, today, channel, device, null), contacts, today, request.MaxItems == 0 ? 1 : request.MaxItems);
            var id = Guid.NewGuid().ToString("N");
            if (chosen.Count > 0 && !request.DryRun)
            {
                await CountAsync(customer, chosen, contacts, today);
                await log.AddAsync(new(id, customer, now, JsonSerializer.Serialize(chosen.ConvertAll(candidate => candidate.Action.Name))));
            }

            return new() { Decision = Answer(id, profile.Version, placement, chosen, now) };
        }
        catch (Exception e) when (e is NpgsqlException or RedisException or RedisTimeoutException)
        {
            throw new RpcException(new(StatusCode.Unavailable, e.Message));
        }
    }

    private async Task<(Profile Profile, ContactCounts Contacts)> FindAsync(string customer, int today)
    {
        // Both go out at once.
        var (profile, contacts) = (redis.StringGetAsync(ServiceKeys.Profile(customer)), redis.HashGetAllAsync(ServiceKeys.Contacts(customer)));
        await Task.WhenAll(profile, contacts);
        return (byte[]?)await profile is { } doc ? (plan.Json.Read(doc), ContactCounts.Read(await contacts)) : await LoadAsync(customer, today);
    }

    // What an event wrote meanwhile is newer than what was read: it stays.
    private async Task<(Profile Profile, ContactCounts Contacts)> LoadAsync(string customer, int today)
    {
        var (doc, contacts) = await database.ReadAsync(customer, DateTimeOffset.UnixEpoch.AddDays(today - Profile.Days + 1));
        var profile = doc is null ? plan.Json.Empty() : plan.Json.Read(doc);
        await Task.WhenAll(
        [
            redis.StringSetAsync(ServiceKeys.Profile(customer), doc ?? plan.Json.Write(profile), ServiceKeys.Kept, when: When.NotExists),
            .. contacts.Fields.Select(each => redis.HashSetAsync(ServiceKeys.Contacts(customer), each.Field, each.Count, When.NotExists)),
        ]);
        return (profile, contacts);
    }

    private Task CountAsync(string customer, List<ServiceCandidate> chosen, ContactCounts contacts, int today)
    {
        var key = ServiceKeys.Contacts(customer);
        RedisValue[] gone = [.. contacts.Before(today - Profile.Days + 1).Select(field => (RedisValue)field)];
        return Task.WhenAll(
        [
            .. chosen.Select(candidate => redis.HashIncrementAsync(key, ContactCounts.FieldOf(today, candidate.Action.Name))),
            .. gone.Length > 0 ? [redis.HashDeleteAsync(key, gone)] : Array.Empty<Task>(),
            redis.KeyExpireAsync(key, ServiceKeys.Kept),
        ]);
    }

    private Api.Decision Answer(string id, long version, string placement, List<ServiceCandidate> chosen, DateTimeOffset now)
    {
        var decision = new Api.Decision
        {
            DecisionId = id, Sequence = version, Strategy = plan.Strategy.Name, StrategyVersion = plan.Strategy.Version, DecidedAt = Timestamp.FromDateTimeOffset(now),
        };
        var expires = Timestamp.FromDateTimeOffset(now + plan.Strategy.OfferExpires);
        foreach (var (i, candidate) in chosen.Index())
        {
            decision.Items.Add(new Api.DecisionItem
            {
                Rank = i + 1,
                Issue = candidate.Action.Issue,
                Group = candidate.Action.Group,
                Action = candidate.Action.Name,
                Treatment = candidate.Treatment.Name,
                Channel = candidate.Treatment.Channel,
                Placement = placement,
                Content = { ["text"] = candidate.Content },
                TrackingToken = $"{id}.{candidate.Action.Name}.{candidate.Treatment.Name}",
                Scores = new() { Propensity = candidate.Action.Propensity, ContextWeight = 1, Value = candidate.Action.Value, LeverWeight = 1, Priority = candidate.Priority },
                ActionProbability = 1,
                ExpiresAt = expires,
            });
        }

        return decision;
    }
}
