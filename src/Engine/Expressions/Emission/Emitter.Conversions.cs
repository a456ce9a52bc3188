using System.Collections.Immutable;
using System.Linq.Expressions;
using Decisioning.Engine.Expressions.Runtime;
using Decisioning.Engine.Expressions.Syntax;
using Decisioning.Engine.Values;

namespace Decisioning.Engine.Expressions.Emission;

/// <summary>Between types, and between the forms of a schema and those of the code.</summary>
internal sealed partial class Emitter
{
    private Expression Convert(Expression value, CelType from, CelType to, Span at)
    {
        var (fromClr, toClr) = (ClrForms.InCode(from), ClrForms.InCode(to));
        switch (from, to)
        {
            case (CelType.EnumerationOf enumeration, not CelType.EnumerationOf):
                var text = Expression.Call(Method(typeof(DynConvert), nameof(DynConvert.TextOf), typeof(long), typeof(string[])), value, Expression.Constant(enumeration.Values.ToArray()));
                return Convert(text, CelType.String, to, at);
            case (CelType.NullableOf nullable, CelType.NullableOf other):
                return fromClr == toClr && nullable.Inner is CelType.EnumerationOf == other.Inner is CelType.EnumerationOf
                    ? value
                    : Convert(Convert(value, from, CelType.Dyn, at), CelType.Dyn, to, at);
            case (CelType.NullableOf nullable, _) when toClr == typeof(Dyn):
                return NullableToDyn(value, nullable, at);
            case (CelType.NullableOf nullable, _):
                return Convert(Unwrap(value, nullable, at), nullable.Inner, to, at);
            case (_, CelType.NullableOf nullable) when fromClr == typeof(Dyn):
                return DynToNullable(value, nullable, at);
            case (_, CelType.NullableOf nullable):
                var inner = Convert(value, from, nullable.Inner, at);
                return toClr == typeof(Dyn) ? Convert(inner, nullable.Inner, CelType.Dyn, at) : inner.Type == toClr ? inner : Expression.Convert(inner, toClr);
        }

        if (fromClr == toClr)
        {
            return value;
        }

        return toClr == typeof(Dyn) ? Expression.Call(Method(typeof(Dyn), nameof(Dyn.Of), fromClr), value)
            : fromClr == typeof(Dyn) ? Try(Method(typeof(DynConvert), nameof(DynConvert.To), typeof(Dyn), toClr.MakeByRefType()), at, value)
            : throw new InvalidOperationException($"no conversion from {from} to {to}");
    }

    /// <summary>The value without the possibility of null, which is an evaluation error.</summary>
    private Expression Unwrap(Expression value, CelType.NullableOf nullable, Span at)
    {
        var stored = Store(value);
        if (stored.Type == typeof(string))
        {
            FailIf(Expression.ReferenceEqual(stored, Expression.Constant(null)), Fault.Missing, at);
            return stored;
        }

        if (stored.Type == typeof(Dyn))
        {
            return Convert(stored, CelType.Dyn, nullable.Inner, at);
        }

        FailIf(Expression.Not(Expression.Property(stored, "HasValue")), Fault.Missing, at);
        return Expression.Call(stored, "GetValueOrDefault", null);
    }

    private Expression NullableToDyn(Expression value, CelType.NullableOf nullable, Span at)
    {
        if (value.Type == typeof(Dyn))
        {
            return value;
        }

        if (value.Type == typeof(string))
        {
            return Expression.Call(Method(typeof(Dyn), nameof(Dyn.Of), typeof(string)), value);
        }

        var stored = Store(value);
        var inner = Expression.Call(stored, "GetValueOrDefault", null);
        return Expression.Condition(Expression.Property(stored, "HasValue"), Convert(inner, nullable.Inner, CelType.Dyn, at), Expression.Default(typeof(Dyn)));
    }

    private Expression DynToNullable(Expression value, CelType.NullableOf nullable, Span at)
    {
        var clr = ClrForms.InCode(nullable);
        if (clr == typeof(Dyn))
        {
            return value;
        }

        var stored = Store(value);
        var result = Local(clr, "nullable");
        var outer = _scope;
        _scope = new EmitScope(outer.Fail);
        var inner = Convert(stored, CelType.Dyn, nullable.Inner, at);
        _scope.Code.Add(Expression.Assign(result, inner.Type == clr ? inner : Expression.Convert(inner, clr)));
        var present = _scope;
        _scope = outer;
        _scope.CanFail |= present.CanFail;
        _scope.Code.Add(Expression.IfThenElse(IsKind(stored, DynKind.Null), Expression.Assign(result, Expression.Default(clr)), present.ToBlock()));
        return result;
    }

    private static BinaryExpression IsKind(Expression dyn, DynKind kind) => Expression.Equal(Expression.Property(dyn, nameof(Dyn.Kind)), Expression.Constant(kind));

    /// <summary>A value as a schema reads it, in the form the code holds its type in.</summary>
    private Expression FromClr(Expression read, CelType type, Span at)
    {
        var clr = ClrForms.InCode(type);
        if (read.Type == clr)
        {
            return read;
        }

        if (read.Type == typeof(int) || read.Type == typeof(int?))
        {
            return Expression.Convert(read, clr);
        }

        if (System.Nullable.GetUnderlyingType(read.Type) is not null && type is CelType.NullableOf nullable)
        {
            var stored = Store(read);
            var value = Convert(FromClr(Expression.Call(stored, "GetValueOrDefault", null), nullable.Inner, at), nullable.Inner, CelType.Dyn, at);
            return Expression.Condition(Expression.Property(stored, "HasValue"), value, Expression.Default(clr));
        }

        if (type is CelType.NullableOf { Inner: var inner })
        {
            return read.Type == typeof(Value)
                ? Expression.Call(Method(typeof(Dyn), nameof(Dyn.Of), typeof(Value)), read)
                : Convert(FromClr(read, inner, at), inner, type, at);
        }

        return type switch
        {
            CelType.ListOf when read.Type == typeof(Value) => Try(Method(typeof(DynConvert), nameof(DynConvert.ListOf), typeof(Value), typeof(CelList).MakeByRefType()), at, read),
            CelType.ListOf => Expression.Call(Method(typeof(CelList), nameof(CelList.Of), typeof(ImmutableArray<Value>)), read),
            CelType.MapOf when read.Type == typeof(Value) => Try(Method(typeof(DynConvert), nameof(DynConvert.MapOf), typeof(Value), typeof(CelMap).MakeByRefType()), at, read),
            CelType.MapOf => Expression.Call(Method(typeof(CelMap), nameof(CelMap.Of), typeof(PropertyMap)), read),
            _ => Expression.Call(Method(typeof(Dyn), nameof(Dyn.Of), typeof(Value)), read),
        };
    }

    /// <summary>A value of the code, in the form that a function of a schema takes.</summary>
    private Expression ToClr(Expression value, CelType type, Type clr, Span at)
    {
        if (value.Type == clr)
        {
            return value;
        }

        if (type is CelType.NullableOf nullable && value.Type != typeof(Dyn))
        {
            return Unwrap(value, nullable, at);
        }

        var dyn = Convert(value, type, CelType.Dyn, at);
        var asValue = Expression.Call(dyn, nameof(Dyn.ToValue), null);
        return clr == typeof(ImmutableArray<Value>) ? Expression.Call(asValue, nameof(Value.AsList), null)
            : clr == typeof(PropertyMap) ? Expression.Call(asValue, nameof(Value.AsMap), null)
            : asValue;
    }
}
