using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Npgsql;

namespace Decisioning.Storage.Postgres;

/// <summary>Statements with their values in the order of their numbers.</summary>
internal static class PostgresCommands
{
    [SuppressMessage("Security", "CA2100", Justification = "Texts of this program only; the name of a schema has passed its pattern.")]
    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }

    public static void Execute(this NpgsqlConnection connection, string sql, params object[] values)
    {
        using var command = connection.Command(sql, values);
        command.ExecuteNonQuery();
    }

    public static object? Scalar(this NpgsqlConnection connection, string sql, params object[] values)
    {
        using var command = connection.Command(sql, values);
        return command.ExecuteScalar();
    }

    public static long Number(this NpgsqlConnection connection, string sql, params object[] values) =>
        Convert.ToInt64(connection.Scalar(sql, values), CultureInfo.InvariantCulture);
}
