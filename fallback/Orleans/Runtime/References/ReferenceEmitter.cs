using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Orleans.Runtime;

/// <summary>Makes, for a grain interface, the class of its references and one class of calls per method.</summary>
internal static class ReferenceEmitter
{
    private static readonly ConcurrentDictionary<Assembly, Lazy<ModuleBuilder>> Modules = new();

    private static readonly ConstructorInfo ReferenceConstructor =
        typeof(GrainReference).GetConstructor([typeof(ReferenceShared), typeof(IdSpan)])!;

    private static int _count;

    public static Func<ReferenceShared, IdSpan, GrainReference> Emit(InterfaceShape shape)
    {
        var module = Modules.GetOrAdd(shape.Interface.Assembly, static assembly => new(() => NewModule(assembly))).Value;
        lock (module)
        {
            var suffix = Interlocked.Increment(ref _count);
            var type = module.DefineType(
                $"Orleans.References.{shape.Interface.Name}_{suffix}",
                TypeAttributes.Public | TypeAttributes.Sealed,
                typeof(GrainReference),
                [shape.Interface]);
            EmitConstructor(type);
            for (var i = 0; i < shape.Methods.Length; i++)
            {
                var method = shape.Methods[i].Info;
                var kind = ReturnKind.Of(method)!;
                EmitMethod(type, method, i, kind, EmitCall(module, shape, method, kind, $"{suffix}_{i}"));
            }

            return Factory(type.CreateType());
        }
    }

    private static ModuleBuilder NewModule(Assembly assembly)
    {
        var builder = AssemblyBuilder.DefineDynamicAssembly(
            new($"Orleans.References.{assembly.GetName().Name}.{Interlocked.Increment(ref _count)}"), AssemblyBuilderAccess.Run);
        var attribute = typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!;

        // Grain interfaces and their messages may be internal; generated code of the real packages sits beside them.
        foreach (var name in new[] { assembly, typeof(GrainReference).Assembly }.Select(each => each.GetName().Name!)
            .Concat(assembly.GetReferencedAssemblies().Select(each => each.Name!)).Distinct())
        {
            builder.SetCustomAttribute(new CustomAttributeBuilder(attribute, [name]));
        }

        return builder.DefineDynamicModule("References");
    }

    private static void EmitConstructor(TypeBuilder type)
    {
        var constructor = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, [typeof(ReferenceShared), typeof(IdSpan)]);
        var il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Call, ReferenceConstructor);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>`Call call = new() { Argument0 = a, … }; return Send(call, index);`</summary>
    private static void EmitMethod(TypeBuilder type, MethodInfo method, int index, ReturnKind kind, Type call)
    {
        var parameters = method.GetParameters();
        var builder = type.DefineMethod(
            $"{method.DeclaringType!.FullName}.{method.Name}",
            MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.NewSlot | MethodAttributes.HideBySig,
            method.ReturnType,
            [.. parameters.Select(parameter => parameter.ParameterType)]);
        var il = builder.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Newobj, call.GetConstructor(Type.EmptyTypes)!);
        for (var i = 0; i < parameters.Length; i++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldarg, (short)(i + 1));
            il.Emit(OpCodes.Stfld, call.GetField(GrainCall.ArgumentField(i))!);
        }

        il.Emit(OpCodes.Ldc_I4, index);
        var sender = typeof(GrainReference).GetMethod(kind.Sender, BindingFlags.Instance | BindingFlags.NonPublic)!;
        il.Emit(OpCodes.Call, sender.IsGenericMethodDefinition ? sender.MakeGenericMethod(kind.Result!) : sender);
        il.Emit(OpCodes.Ret);
        type.DefineMethodOverride(builder, method);
    }

    /// <summary>`sealed class Call : TaskCall&lt;T&gt; { fields; override Invoke(grain) => ((I)grain).Method(fields); }`</summary>
    private static Type EmitCall(ModuleBuilder module, InterfaceShape shape, MethodInfo method, ReturnKind kind, string suffix)
    {
        var type = module.DefineType(
            $"Orleans.References.{shape.Interface.Name}_{method.Name}_{suffix}", TypeAttributes.Public | TypeAttributes.Sealed, kind.CallBase);
        type.DefineDefaultConstructor(MethodAttributes.Public);
        var fields = method.GetParameters()
            .Select((parameter, i) => type.DefineField(GrainCall.ArgumentField(i), parameter.ParameterType, FieldAttributes.Public))
            .ToArray();

        var target = kind.CallBase.GetMethod("Invoke", [typeof(object)])!;
        var invoke = type.DefineMethod(
            "Invoke", MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig, target.ReturnType, [typeof(object)]);
        var il = invoke.GetILGenerator();
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Castclass, method.DeclaringType!);
        foreach (var field in fields)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, field);
        }

        il.Emit(OpCodes.Callvirt, method);
        il.Emit(OpCodes.Ret);
        type.DefineMethodOverride(invoke, target);

        if (Array.Find(fields, field => field.FieldType == typeof(CancellationToken)) is { } token)
        {
            EmitToken(type, token);
        }

        return type.CreateType();
    }

    private static void EmitToken(TypeBuilder type, FieldBuilder field)
    {
        var property = typeof(GrainCall).GetProperty(nameof(GrainCall.Token))!;
        const MethodAttributes Attributes = MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig | MethodAttributes.SpecialName;
        var getter = type.DefineMethod(property.GetMethod!.Name, Attributes, typeof(CancellationToken), Type.EmptyTypes);
        var il = getter.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, field);
        il.Emit(OpCodes.Ret);
        type.DefineMethodOverride(getter, property.GetMethod);

        var setter = type.DefineMethod(property.SetMethod!.Name, Attributes, typeof(void), [typeof(CancellationToken)]);
        il = setter.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Stfld, field);
        il.Emit(OpCodes.Ret);
        type.DefineMethodOverride(setter, property.SetMethod);
    }

    private static Func<ReferenceShared, IdSpan, GrainReference> Factory(Type type)
    {
        var shared = Expression.Parameter(typeof(ReferenceShared));
        var key = Expression.Parameter(typeof(IdSpan));
        var body = Expression.New(type.GetConstructor([typeof(ReferenceShared), typeof(IdSpan)])!, shared, key);
        return Expression.Lambda<Func<ReferenceShared, IdSpan, GrainReference>>(body, shared, key).Compile();
    }
}
