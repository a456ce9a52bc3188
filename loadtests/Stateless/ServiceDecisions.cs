using System.Globalization;
using System.Text.Json;
using Decisioning.LoadTests.Stateless.Redis;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Npgsql;
using Api = Decisioning.V1;

namespace Decisioning.LoadTests.Stateless;

/// <summary>Answers questions: reads the customer, evaluates, counts what it offers, forgets.</summary>
internal sealed class ServiceDecisions(ServicePlan plan, RedisClient redis, ServiceDatabase database, DecisionLog log, TimeProvider time) : Api.Decisions.DecisionsBase
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
        catch (Exception e) when (e is NpgsqlException or RedisException)
        {
            throw new RpcException(new(StatusCode.Unavailable, e.Message));
        }
    }

    private async Task<(Profile Profile, ContactCounts Contacts)> FindAsync(string customer, int today)
    {
        var replies = await redis.SendAsync(new RedisRequest().Add("GET", ServiceKeys.Profile(customer)).Add("HGETALL", ServiceKeys.Contacts(customer)));
        return replies[0].Bytes is { } doc ? (plan.Json.Read(doc), ContactCounts.Read(replies[1])) : await LoadAsync(customer, today);
    }

    // What an event wrote meanwhile is newer than what was read: it stays.
    private async Task<(Profile Profile, ContactCounts Contacts)> LoadAsync(string customer, int today)
    {
        var (doc, contacts) = await database.ReadAsync(customer, DateTimeOffset.UnixEpoch.AddDays(today - Profile.Days + 1));
        var profile = doc is null ? plan.Json.Empty() : plan.Json.Read(doc);
        var request = new RedisRequest().Add("SET", ServiceKeys.Profile(customer), doc ?? plan.Json.Write(profile), "NX", "EX", ServiceKeys.KeptSeconds);
        foreach (var (field, count) in contacts.Fields)
        {
            request.Add("HSETNX", ServiceKeys.Contacts(customer), field, count.ToString(CultureInfo.InvariantCulture));
        }

        await redis.SendAsync(request);
        return (profile, contacts);
    }

    private async Task CountAsync(string customer, List<ServiceCandidate> chosen, ContactCounts contacts, int today)
    {
        var key = ServiceKeys.Contacts(customer);
        var request = new RedisRequest();
        foreach (var candidate in chosen)
        {
            request.Add("HINCRBY", key, ContactCounts.FieldOf(today, candidate.Action.Name), "1");
        }

        foreach (var gone in contacts.Before(today - Profile.Days + 1))
        {
            request.Add("HDEL", key, gone);
        }

        await redis.SendAsync(request.Add("EXPIRE", key, ServiceKeys.KeptSeconds));
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
