namespace Orleans.Runtime
{
    /// <summary>A failure of the grain runtime, as opposed to one of a grain.</summary>
    public class OrleansException : Exception
    {
        public OrleansException()
        {
        }

        public OrleansException(string message)
            : base(message)
        {
        }

        public OrleansException(string message, Exception? innerException)
            : base(message, innerException)
        {
        }
    }

    /// <summary>A call was refused before it reached a grain.</summary>
    public class OrleansMessageRejectionException : OrleansException
    {
        internal OrleansMessageRejectionException(string message)
            : base(message)
        {
        }
    }

    /// <summary>No silo can run the grain.</summary>
    public sealed class SiloUnavailableException : OrleansMessageRejectionException
    {
        public SiloUnavailableException()
            : this("no silo is running")
        {
        }

        public SiloUnavailableException(string message)
            : base(message)
        {
        }
    }

    /// <summary>An activation has more requests waiting than it is configured to hold.</summary>
    public sealed class LimitExceededException(string message) : OrleansException(message);

    /// <summary>The host is configured in a way that cannot work.</summary>
    public sealed class OrleansConfigurationException : Exception
    {
        public OrleansConfigurationException(string message)
            : base(message)
        {
        }

        public OrleansConfigurationException(string message, Exception innerException)
            : base(message, innerException)
        {
        }
    }
}

namespace Orleans.Serialization
{
    using Orleans.Runtime;

    public class SerializerException(string message) : Exception(message);

    /// <summary>A type that is an argument or a result of a grain method cannot cross a grain call.</summary>
    public sealed class CodecNotFoundException(string message) : SerializerException(message);
}
