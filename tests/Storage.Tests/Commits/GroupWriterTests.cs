using Decisioning.Storage.Commits;
using Microsoft.Extensions.Logging.Abstractions;

namespace Decisioning.Storage.Tests.Commits;

/// <summary>What becomes of decisions whose commit fails.</summary>
public sealed class GroupWriterTests
{
    [Fact]
    public async Task Who_waits_for_decisions_waits_for_those_of_a_commit_that_failed_too()
    {
        using var meter = new StorageMeter(null);
        using var writer = new FailingOnce(meter);
        Assert.True(writer.TryEnqueue(new Samples(seed: 1).Decision(Samples.Customer(), "waits", Samples.Start)));
        await writer.Begun.WaitAsync(TimeSpan.FromMinutes(1));

        // It waits in no queue any more, and is not on the disk.
        Assert.Equal(0, writer.DecisionsWaiting);
        var written = writer.DecisionsWrittenAsync("the queue is full", CancellationToken.None);
        writer.Fail();
        await written;

        Assert.Equal(1, writer.Written);
    }

    private sealed class FailingOnce : GroupWriter<List<int>>
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _failing = new();
        private int _written;

        public FailingOnce(StorageMeter meter)
            : base(new StorageOptions(), writers: 1, meter, NullLogger.Instance, "failing once") => Start();

        /// <summary>The first commit has what it writes.</summary>
        public Task Begun => _begun.Task;

        public int Written => Volatile.Read(ref _written);

        public void Fail() => _failing.Set();

        protected override void Open()
        {
        }

        protected override void Close()
        {
        }

        protected override int Commit(IReadOnlyList<Work<List<int>>> work, IReadOnlyList<QueuedDecision> decisions)
        {
            if (_begun.TrySetResult())
            {
                _failing.Wait();
                throw new IOException("the disk is away");
            }

            foreach (var piece in work)
            {
                piece.Apply([]);
            }

            Interlocked.Add(ref _written, decisions.Count);
            return decisions.Count;
        }

        protected override string Explain(Exception e) => e.Message;
    }
}
