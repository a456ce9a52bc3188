using System.Globalization;
using Decisioning.Contracts;
using Decisioning.Contracts.Messages;
using Decisioning.Engine.Access;
using Decisioning.Engine.Customers;
using Decisioning.Gateway.Access;
using Decisioning.Gateway.Privacy;
using Decisioning.Gateway.Replies;
using Decisioning.Gateway.Requests;
using Grpc.Core;
using Orleans;
using Api = Decisioning.V1;

namespace Decisioning.Gateway.Services;

/// <summary>Shows what is known of customers.</summary>
internal sealed class CustomersService(IGrainFactory grains, CustomerGrains customers, CustomerWatch watch, CustomerPrivacy privacy)
    : Api.Customers.CustomersBase
{
    private const int PageSizeDefault = 500;
    private const int PageSizeMax = 1000;
    private const int FeaturesMax = 100;
    private const int FeatureCharsMax = 128;

    [RequiresScope(AccessScope.Agent)]
    public override Task<Api.GetResponse> Get(Api.GetRequest request, ServerCallContext context) =>
        GetAsync(request, context.Caller(), context.CancellationToken);

    /// <summary>The same for whoever came another way than gRPC.</summary>
    public async Task<Api.GetResponse> GetAsync(Api.GetRequest request, Caller caller, CancellationToken cancellationToken)
    {
        var violations = new Violations();
        var key = IdentityReader.Read(request.Customer, caller.Tenant, "customer", violations);
        violations.ThrowIfAny();

        var reply = await customers.Of(key!.Value).ViewAsync(new ViewRequest(request.MinSequence), cancellationToken);
        return reply.View is { } view
            ? new Api.GetResponse { Customer = CustomerWriter.Write(reply.Customer ?? key.Value, view, reply.Identities) }
            : throw new RpcException(new Status(
                StatusCode.FailedPrecondition,
                $"the customer's sequence is {reply.Sequence}, not yet {request.MinSequence}; send a `min_sequence` from an acknowledgement of this customer"));
    }

    [RequiresScope(AccessScope.Admin)]
    public override Task<Api.ListResponse> List(Api.ListRequest request, ServerCallContext context) =>
        ListAsync(request, context.Caller(), context.CancellationToken);

    /// <summary>The same for whoever came another way than gRPC.</summary>
    public async Task<Api.ListResponse> ListAsync(Api.ListRequest request, Caller caller, CancellationToken cancellationToken)
    {
        var tenant = caller.Tenant;
        var violations = new Violations();
        if (request.PageSize is < 0 or > PageSizeMax)
        {
            violations.Add("page_size", $"is {request.PageSize}", $"send 1 to {PageSizeMax}, or leave it out");
        }

        if (request.Features.Count > FeaturesMax)
        {
            violations.Add("features", $"has {request.Features.Count} features", $"send at most {FeaturesMax}");
        }

        for (var i = 0; i < request.Features.Count && i < FeaturesMax; i++)
        {
            if (request.Features[i].Length is 0 or > FeatureCharsMax)
            {
                violations.Add($"features[{i}]", "is empty or too long", $"send 1 to {FeatureCharsMax} characters, as the strategy names it");
            }
        }

        if (request.PageToken.Length > 0 && !long.TryParse(request.PageToken, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            violations.Add("page_token", "is not one of ours", "send `next_page_token` of the page before, or leave it out");
        }

        violations.ThrowIfAny();
        var page = await grains.GetGrain<ICustomerDirectoryGrain>(tenant).PageAsync(
            new CustomerPageRequest([.. request.Features], request.PageSize == 0 ? PageSizeDefault : request.PageSize, request.PageToken, request.IncludeAnonymous),
            cancellationToken);
        foreach (var unknown in page.UnknownFeatures)
        {
            violations.Add("features", $"`{unknown}` is not a feature of the strategy", "name features as the strategy does");
        }

        violations.ThrowIfAny();
        var response = new Api.ListResponse { NextPageToken = page.After };
        response.Customers.AddRange(page.Customers.Select(row => new Api.CustomerFeatures
        {
            Identity = IdentityReader.Write(row.Customer),
            Sequence = row.Sequence,
            Features = StructWriter.Write(row.Features),
        }));
        return response;
    }

    [RequiresScope(AccessScope.Decide)]
    public override Task Watch(Api.WatchRequest request, IServerStreamWriter<Api.WatchResponse> responseStream, ServerCallContext context)
    {
        var caller = context.Caller();
        var violations = new Violations();
        var key = IdentityReader.Read(request.Customer, caller.Tenant, "customer", violations);
        var question = DecisionReader.Read(request, violations);
        violations.ThrowIfAny();
        return watch.RunAsync(key!.Value, Admission.Ask(caller, key.Value, question), caller, responseStream, context.CancellationToken);
    }

    [RequiresScope(AccessScope.Admin)]
    public override Task Export(Api.ExportRequest request, IServerStreamWriter<Api.ExportResponse> responseStream, ServerCallContext context) =>
        privacy.ExportAsync(request, context.Caller(), part => responseStream.WriteAsync(part, context.CancellationToken), context.CancellationToken);

    [RequiresScope(AccessScope.Admin)]
    public override Task<Api.EraseResponse> Erase(Api.EraseRequest request, ServerCallContext context) =>
        privacy.EraseAsync(request, context.Caller(), context.CancellationToken);
}
