using Microsoft.Extensions.Options;

namespace Decisioning.Storage;

/// <summary>Checks <see cref="StorageOptions"/> by their annotations when the host starts.</summary>
[OptionsValidator]
public sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>;
