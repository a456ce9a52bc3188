using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Decisioning.Conventions.Tests;

/// <summary>The engine takes values and gives values: no clock, no dice, no task, no logger, no input or output.</summary>
public sealed class PurityTests
{
    private static readonly string[] ForbiddenInEngine =
    [
        "System.Threading.Tasks.", "System.Runtime.CompilerServices.Async", "Microsoft.Extensions.", "System.TimeProvider", "System.Random", "System.Console",
        "System.IO.File", "System.IO.Directory", "System.IO.Stream", "System.Net.", "System.Diagnostics.Stopwatch", "System.Diagnostics.Process",
        "System.Threading.Timer", "System.Threading.Thread.",
    ];

    private static readonly string[] ForbiddenMembers =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow",
        "System.Guid.NewGuid", "System.Random.get_Shared", "System.Random..ctor",
        "System.Environment.get_TickCount", "System.Environment.get_TickCount64", "System.Environment.GetEnvironmentVariable", "System.Environment.get_MachineName",
    ];

    [Fact]
    public void The_engine_uses_no_task_logger_clock_dice_or_input_and_output() =>
        Assert.Empty(Types("Engine").Where(type => ForbiddenInEngine.Any(prefix => type.StartsWith(prefix, StringComparison.Ordinal))));

    [Theory, InlineData("Engine"), InlineData("Grains")]
    public void Clock_and_dice_are_passed_in(string project) => Assert.Empty(Members(project).Intersect(ForbiddenMembers));

    [Fact]
    public void The_reading_of_metadata_sees_what_it_is_to_forbid()
    {
        // The law above is worth nothing if nothing is found: grains do use tasks.
        Assert.Contains("System.Threading.Tasks.Task", Types("Grains"));
        Assert.Contains("System.DateTimeOffset.get_UtcTicks", Members("Engine"));
    }

    private static List<string> Types(string project) => Read(project, reader => reader.TypeReferences.Select(handle => FullName(reader, handle)).ToList());

    private static List<string> Members(string project) => Read(project, reader => reader.MemberReferences
        .Select(handle => reader.GetMemberReference(handle))
        .Where(member => member.Parent.Kind == HandleKind.TypeReference)
        .Select(member => FullName(reader, (TypeReferenceHandle)member.Parent) + "." + reader.GetString(member.Name))
        .ToList());

    private static T Read<T>(string project, Func<MetadataReader, T> read)
    {
        using var file = File.OpenRead(Assemblies.PathOf(project));
        using var image = new PEReader(file);
        return read(image.GetMetadataReader());
    }

    private static string FullName(MetadataReader reader, TypeReferenceHandle handle)
    {
        var type = reader.GetTypeReference(handle);
        var name = reader.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? FullName(reader, (TypeReferenceHandle)type.ResolutionScope) + "." + name
            : reader.GetString(type.Namespace) + "." + name;
    }
}
