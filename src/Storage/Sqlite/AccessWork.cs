using Decisioning.Engine.Access;
using Decisioning.Storage.Codecs;
using Decisioning.Storage.Commits;

namespace Decisioning.Storage.Sqlite;

/// <summary>Rows of keys and of the audit log from statements.</summary>
internal static class AccessWork
{
    public static List<AccessKey> Keys(Statement select) => Rows(select, row => AccessRows.ReadKey(row.Text, row.Int));

    public static List<AuditEntry> Audit(Statement select) => Rows(select, row => AccessRows.ReadAudit(row.Text, row.Int));

    public static long Number(Statement select) => Rows(select, row => row.Int(0))[0];

    public static Statement Bind(this Statement statement, object[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            _ = values[i] is long number ? statement.Bind(i + 1, number) : statement.Bind(i + 1, (string)values[i]);
        }

        return statement;
    }

    private static List<T> Rows<T>(Statement select, Func<Statement, T> read)
    {
        var rows = new List<T>();
        while (select.Step())
        {
            rows.Add(read(select));
        }

        return rows;
    }
}

/// <summary>A key to keep. Answers whether its id was free.</summary>
internal sealed class AddKeyWork(AccessKey key) : Work<WriteBatch, bool>
{
    public override void Apply(WriteBatch batch)
    {
        var insert = batch.Prepared(AccessSql.AddKey).Bind(AccessRows.Write(key));
        Result = insert.Step();
        insert.Reset();
    }
}

/// <summary>A key to revoke. Answers the key after it.</summary>
internal sealed class RevokeKeyWork(string tenant, string id, DateTimeOffset at) : Work<WriteBatch, AccessKey?>
{
    public override void Apply(WriteBatch batch)
    {
        batch.Prepared(AccessSql.RevokeKey).Bind(1, tenant).Bind(2, id).Bind(3, Instants.Write(at)).Run();
        Result = AccessWork.Keys(batch.Prepared(AccessSql.FindKeyOfTenant).Bind(1, tenant).Bind(2, id)).FirstOrDefault();
    }
}

/// <summary>An audit row to add. Answers the row.</summary>
internal sealed class AddAuditWork(string tenant, AuditRecord record) : Work<WriteBatch, AuditEntry>
{
    public override void Apply(WriteBatch batch)
    {
        var last = AccessWork.Audit(batch.Prepared(AccessSql.ReadLastAudit).Bind(1, tenant)).FirstOrDefault();
        Result = AccessRows.After(tenant, last, record);
        batch.Prepared(AccessSql.AddAudit).Bind(AccessRows.Write(tenant, Result)).Run();
    }
}
