using System.Collections.Immutable;
using Decisioning.Engine.Access;

namespace Decisioning.Storage.Tests;

/// <summary>What every adapter promises of keys and of the audit log.</summary>
public abstract class AccessStoreContract
{
    /// <summary>The store's keys.</summary>
    protected abstract IKeyStore Keys { get; }

    /// <summary>The store's audit log.</summary>
    protected abstract IAuditLog Audit { get; }

    /// <summary>A key with everything set.</summary>
    public static AccessKey Key(int number, string tenant = "default") =>
        new($"key{number:D9}", tenant, "the “shop”\0\ud800", AccessScope.Track | AccessScope.Decide, new string('a', 64), Samples.Start.AddTicks(7), "local")
        {
            IsPublic = true,
            Origins = ["https://shop.example", "http://localhost:5173"],
            ExpiresAt = Samples.Start.AddDays(30),
        };

    [Fact]
    public async Task A_key_comes_back_as_it_was_made_and_no_other_takes_its_id()
    {
        Assert.False(await Keys.AnyKeyAsync(CancellationToken.None));
        Assert.True(await Keys.AddKeyAsync(Key(1), CancellationToken.None));
        Assert.True(await Keys.AddKeyAsync(new AccessKey("bare56789012", "default", "bare", AccessScope.Admin, new string('b', 64), Samples.Start, "k"), CancellationToken.None));
        Assert.False(await Keys.AddKeyAsync(Key(1, "other") with { Name = "thief" }, CancellationToken.None));

        Assert.Equivalent(Key(1), await Keys.FindKeyAsync(Key(1).Id, CancellationToken.None), strict: true);
        var bare = await Keys.FindKeyAsync("bare56789012", CancellationToken.None);
        Assert.Equal((AccessScope.Admin, false, 0, null, null), (bare!.Scopes, bare.IsPublic, bare.Origins.Length, bare.ExpiresAt, bare.RevokedAt));
        Assert.Null(await Keys.FindKeyAsync("none", CancellationToken.None));
        Assert.True(await Keys.AnyKeyAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_tenant_lists_its_own_keys_page_by_page()
    {
        foreach (var number in (int[])[3, 1, 2])
        {
            await Keys.AddKeyAsync(Key(number), CancellationToken.None);
        }

        await Keys.AddKeyAsync(Key(4, "other"), CancellationToken.None);

        Assert.Equal([Key(1).Id, Key(2).Id], await IdsAsync("default", "", 2));
        Assert.Equal([Key(3).Id], await IdsAsync("default", Key(2).Id, 2));
        Assert.Equal([Key(4).Id], await IdsAsync("other", "", 9));
        Assert.Equal([], await IdsAsync("defaul", "", 9));
        Assert.Equal((3L, 1L, 0L), (await CountAsync("default"), await CountAsync("other"), await CountAsync("none")));
    }

    [Fact]
    public async Task A_key_is_revoked_once_by_its_own_tenant_only()
    {
        await Keys.AddKeyAsync(Key(1), CancellationToken.None);

        Assert.Null(await Keys.RevokeKeyAsync("other", Key(1).Id, Samples.Start, CancellationToken.None));
        Assert.Null(await Keys.RevokeKeyAsync("default", "none", Samples.Start, CancellationToken.None));
        Assert.Null((await Keys.FindKeyAsync(Key(1).Id, CancellationToken.None))!.RevokedAt);
        Assert.Equal(Samples.Start, (await Keys.RevokeKeyAsync("default", Key(1).Id, Samples.Start, CancellationToken.None))!.RevokedAt);
        Assert.Equal(Samples.Start, (await Keys.RevokeKeyAsync("default", Key(1).Id, Samples.Start.AddDays(1), CancellationToken.None))!.RevokedAt);
        Assert.Equivalent(Key(1) with { RevokedAt = Samples.Start }, await Keys.FindKeyAsync(Key(1).Id, CancellationToken.None), strict: true);
    }

    [Fact]
    public async Task Each_tenants_audit_rows_are_a_chain_that_shows_a_changed_or_missing_row()
    {
        var writes = Enumerable.Range(1, 20).Select(number => Audit.AddAuditAsync(
            "default", new(Samples.Start.AddTicks(number), "key\0", "“Ann”", "key.create", $"{number}", "more\ud800"), CancellationToken.None));
        await Task.WhenAll(writes);
        await Audit.AddAuditAsync("other", new(Samples.Start, "k", "n", "a", "s", "d"), CancellationToken.None);

        var rows = (await Audit.ReadAuditAsync("default", 0, 15, CancellationToken.None)).AddRange(await Audit.ReadAuditAsync("default", 15, 15, CancellationToken.None));

        Assert.Equal(Enumerable.Range(1, 20).Select(number => (long)number), rows.Select(row => row.Number));
        Assert.Equal(Enumerable.Range(1, 20).Select(number => $"{number}").Order(), rows.Select(row => row.Record.Subject).Order());
        Assert.Equal(("key\0", "“Ann”", "more\ud800"), (rows[7].Record.Actor, rows[7].Record.ActorName, rows[7].Record.Details));
        Assert.True(IsWhole("default", rows));
        Assert.False(IsWhole("other", rows));
        Assert.False(IsWhole("default", rows.RemoveAt(9)));
        Assert.False(IsWhole("default", rows.SetItem(4, rows[4] with { Record = rows[4].Record with { Subject = "another" } })));
        Assert.Equal(1, Assert.Single(await Audit.ReadAuditAsync("other", 0, 10, CancellationToken.None)).Number);
    }

    private static bool IsWhole(string tenant, ImmutableArray<AuditEntry> rows) =>
        rows.Select((row, place) => row.Follows(tenant, place == 0 ? AuditEntry.Start : rows[place - 1].Hash)).All(follows => follows);

    private async Task<IEnumerable<string>> IdsAsync(string tenant, string after, int max) =>
        (await Keys.ListKeysAsync(tenant, after, max, CancellationToken.None)).Select(key => key.Id);

    private Task<long> CountAsync(string tenant) => Keys.CountKeysAsync(tenant, CancellationToken.None);
}
