using System.Text;

namespace Grpc.Core.Internal;

internal static class ErrorText
{
    /// <summary>Type and message of the exception and of those inside it, in one line.</summary>
    internal static string Of(Exception exception)
    {
        var text = new StringBuilder();
        for (Exception? at = exception; at is not null; at = at.InnerException)
        {
            if (text.Length > 0)
            {
                text.Append(' ');
            }

            text.Append(at.GetType().Name).Append(": ").Append(at.Message);
        }

        return text.ToString();
    }
}
