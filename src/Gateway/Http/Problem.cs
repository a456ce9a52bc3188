using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Decisioning.Engine.Customers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Decisioning.Gateway.Http;

/// <summary>An error as RFC 9457 writes it, with what is wrong field by field and what to do about it.</summary>
/// <param name="Status">The status of HTTP.</param>
/// <param name="Reason">The code for programs, upper case with underscores; gRPC's name of the status where there is no closer one.</param>
/// <param name="Detail">A sentence with the cure.</param>
/// <param name="Errors">The fields that cannot be accepted.</param>
/// <param name="RetryAfter">When to try again; null where that does not help.</param>
internal sealed record Problem(int Status, string Reason, string Detail, ImmutableArray<FieldViolation> Errors = default, TimeSpan? RetryAfter = null)
{
    public const string ContentType = "application/problem+json";

    /// <summary>Answers a request with it; nothing may have been answered yet.</summary>
    public Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        response.ContentType = ContentType;
        if (RetryAfter is { } delay)
        {
            // Whole seconds are all that clients understand here.
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(delay.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            return Task.CompletedTask;
        }

        using var writer = new Utf8JsonWriter(response.BodyWriter, JsonText.Written);
        Write(writer);
        return Task.CompletedTask;
    }

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("title", ReasonPhrases.GetReasonPhrase(Status));
        writer.WriteNumber("status", Status);
        writer.WriteString("detail", Detail);
        writer.WriteString("reason", Reason);
        if (!Errors.IsDefaultOrEmpty)
        {
            writer.WritePropertyName("errors");
            WriteErrors(writer, Errors);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes violations as a list.</summary>
    public static void WriteErrors(Utf8JsonWriter writer, IEnumerable<FieldViolation> errors)
    {
        writer.WriteStartArray();
        foreach (var error in errors)
        {
            writer.WriteStartObject();
            writer.WriteString("field", error.Field);
            writer.WriteString("description", error.Description);
            writer.WriteString("cure", error.Cure);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
