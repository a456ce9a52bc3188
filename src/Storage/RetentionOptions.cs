using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Decisioning.Storage;

/// <summary>How long what is in the log is kept, and how gently it is made smaller.</summary>
public sealed class RetentionOptions
{
    /// <summary>
    /// How long the contents of events are kept after they were received, for tenants whose strategy has no <c>retention</c> of its own.
    /// Default: none, for ever.
    /// </summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan? Events { get; set; }

    /// <summary>How long decisions are kept; one with an open offer stays until that expires. Default: none, for ever.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan? Decisions { get; set; }

    /// <summary>How often the log is looked through for what is past its age. Default: 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan Every { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Rows of the log that one step looks at. Default: 1,000: about 1 ms of one reader.</summary>
    [Range(1, 100_000)]
    public int StepRows { get; set; } = 1_000;

    /// <summary>The rest between two steps. Default: 20 ms: 50,000 rows a second at most.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan StepPause { get; set; } = TimeSpan.FromMilliseconds(20);
}

/// <summary>Checks <see cref="RetentionOptions"/> by their annotations when the host starts.</summary>
[OptionsValidator]
public sealed partial class RetentionOptionsValidator : IValidateOptions<RetentionOptions>;
