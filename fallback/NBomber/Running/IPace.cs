namespace NBomber.Running;

/// <summary>The time a test runs on.</summary>
internal interface IPace
{
    /// <summary>The time since the test began.</summary>
    TimeSpan Now { get; }

    /// <summary>Returns at a time or a little after it.</summary>
    void WaitUntil(TimeSpan at);

    /// <summary>Runs something as soon as there is a thread for it.</summary>
    void Start(IThreadPoolWorkItem work);
}
