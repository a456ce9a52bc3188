using System.Linq.Expressions;
using System.Text.Json.Nodes;
using Decisioning.Engine.Expressions;
using Decisioning.Engine.Expressions.Runtime;
using Decisioning.Engine.Values;
using Bindings = System.Collections.Immutable.ImmutableDictionary<string, Decisioning.Engine.Values.Value>;

namespace Decisioning.Conformance.Tests;

/// <summary>Runs one test of the suite through lexer, parser, checker, compiler and evaluator.</summary>
internal static class SuiteRun
{
    /// <summary>Null when the outcome is what the suite wants; else what came instead.</summary>
    public static string? Failure(JsonObject test)
    {
        try
        {
            return Difference(test);
        }
        catch (NotSupportedException unknown)
        {
            return unknown.Message;
        }
    }

    private static string? Difference(JsonObject test)
    {
        var bindings = BindingsOf(test);
        var options = new ExpressionOptions
        {
            RefuseConstantConditions = false,
            Unchecked = (bool?)test["disableCheck"] ?? false,
            Container = (string?)test["container"] ?? "",
        };
        var wantsError = test.ContainsKey("evalError");
        var compilation = ExpressionCompiler.Compile((string)test["expr"]!, SchemaOf(test, bindings), CelType.Dyn, options);
        if (!compilation.TryGet(out var expression))
        {
            return wantsError ? null : $"refused: {string.Join("; ", compilation.Errors)}";
        }

        if (test["typedResult"]?["deducedType"] is JsonObject deduced && SuiteValues.TypeOf(deduced) is var type && type != expression.Type)
        {
            return $"is of type {expression.Type}, not {type}";
        }

        if ((bool?)test["checkOnly"] ?? false)
        {
            return null;
        }

        var (failed, outcome) = Run(expression, bindings);
        var wanted = test["value"] ?? test["typedResult"]?["result"];
        return failed is not null ? (wantsError ? null : $"fails: {failed}")
            : wantsError ? $"gives {DynText.Literal(outcome)}, where an error is wanted"
            : (wanted is JsonObject value ? SuiteValues.ValueOf(value) : Dyn.Of(true)) is var right && SuiteValues.Same(outcome, right) ? null
            : $"gives {DynText.Literal(outcome)}, not {DynText.Literal(right)}";
    }

    private static (string? Failure, Dyn Outcome) Run(CompiledExpression<Bindings> expression, Bindings bindings)
    {
        try
        {
            return expression.Run(bindings, out var outcome) == 0 ? (null, outcome) : (expression.Explain(bindings), default);
        }
        catch (KeyNotFoundException)
        {
            // The suite declares variables that it then leaves without a value; our schemas always have one.
            return ("a variable has no value", default);
        }
    }

    private static Bindings BindingsOf(JsonObject test) => (test["bindings"] as JsonObject ?? [])
        .Aggregate(Bindings.Empty, (all, one) => all.Add(one.Key, SuiteValues.ValueOf(one.Value!["value"]!.AsObject()).ToValue()));

    private static ExpressionSchema<Bindings> SchemaOf(JsonObject test, Bindings bindings)
    {
        var schema = new ExpressionSchemaBuilder<Bindings>();
        if (test["typeEnv"] is not JsonArray declared)
        {
            foreach (var name in bindings.Keys)
            {
                schema.Variable(name, CelType.Dyn, read => read[name]);
            }

            return schema.Build();
        }

        foreach (var declaration in declared.OfType<JsonObject>())
        {
            var name = (string)declaration["name"]!;
            if (declaration["ident"]?["type"] is JsonObject type)
            {
                Declare(schema, name, SuiteValues.TypeOf(type));
            }
            else if (declaration["function"]?["overloads"] is JsonArray { Count: 1 } overloads && overloads[0]!["typeParams"] is null)
            {
                Declare(schema, name, overloads[0]!.AsObject());
            }
        }

        return schema.Build();
    }

    private static void Declare(ExpressionSchemaBuilder<Bindings> schema, string name, CelType type) => _ = type switch
    {
        CelType.Scalar { Name: "int" } => schema.Variable(name, type, read => read[name].AsInt()),
        CelType.Scalar { Name: "uint" } => schema.Variable(name, type, read => read[name].AsUInt()),
        CelType.Scalar { Name: "double" } => schema.Variable(name, type, read => read[name].AsDouble()),
        CelType.Scalar { Name: "bool" } => schema.Variable(name, type, read => read[name].AsBool()),
        CelType.Scalar { Name: "string" } => schema.Variable(name, type, read => read[name].AsString()),
        CelType.Scalar { Name: "bytes" } => schema.Variable(name, type, read => read[name].AsBytes()),
        CelType.Scalar { Name: "timestamp" } => schema.Variable(name, type, read => read[name].AsTimestamp()),
        CelType.Scalar { Name: "duration" } => schema.Variable(name, type, read => read[name].AsDuration()),
        CelType.ListOf or CelType.MapOf => schema.Variable(name, type, read => read[name]),
        _ => schema.Variable(name, CelType.Dyn, read => read[name]),
    };

    // Tests that declare a function only check types and never call it: any body will do.
    private static void Declare(ExpressionSchemaBuilder<Bindings> schema, string name, JsonObject overload)
    {
        var arguments = (overload["params"] as JsonArray ?? []).OfType<JsonObject>().Select(SuiteValues.TypeOf).ToList();
        var result = SuiteValues.TypeOf(overload["resultType"]!.AsObject());
        var parameters = arguments.Select(type => Expression.Parameter(ClrOf(type))).Prepend(Expression.Parameter(typeof(Bindings)));
        schema.Function(name, arguments, result, Expression.Lambda(Expression.Default(ClrOf(result)), parameters));
    }

    private static Type ClrOf(CelType type) => ClrForms.Accepts(type, typeof(Value)) ? typeof(Value) : ClrForms.InCode(type);
}
