namespace Decisioning.LoadTests.Stateless.Redis;

/// <summary>Redis could not be asked, or refused; whether a command was carried out is unknown unless it says so.</summary>
internal sealed class RedisException(string message, Exception? inner = null) : Exception(message, inner);
