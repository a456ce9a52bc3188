using System.Collections.Immutable;
using System.Net;
using Npgsql;

namespace Decisioning.Storage.Postgres;

/// <summary>The silos of a cluster, as Orleans keeps them in the store's schema.</summary>
public static class PostgresMembers
{
    private const int Active = 3;

    /// <summary>The silos that count as active and were alive lately, by where the others reach them.</summary>
    /// <param name="options">The database; its schema is up to date.</param>
    /// <param name="clusterId">Which cluster.</param>
    /// <param name="aliveWithin">How long ago they must have said so.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StorageUnavailableException">The database cannot be reached.</exception>
    public static async Task<ImmutableArray<IPEndPoint>> AliveAsync(
        PostgresOptions options, string clusterId, TimeSpan aliveWithin, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(options.ConnectionStringOf("decisioning cluster", 1));
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using var command = new NpgsqlCommand(
                """
                SELECT address, port FROM orleansmembershiptable
                WHERE deploymentid = $1 AND status = $2 AND greatest(starttime, iamalivetime) > now() - $3
                """,
                connection);
            command.Parameters.Add(new() { Value = clusterId });
            command.Parameters.Add(new() { Value = Active });
            command.Parameters.Add(new() { Value = aliveWithin });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            var members = ImmutableArray.CreateBuilder<IPEndPoint>();
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                members.Add(new(IPAddress.Parse(reader.GetString(0)), reader.GetInt32(1)));
            }

            return members.ToImmutable();
        }
        catch (NpgsqlException e)
        {
            throw new StorageUnavailableException($"the members of the cluster cannot be read: {e.Message}", e);
        }
    }
}
