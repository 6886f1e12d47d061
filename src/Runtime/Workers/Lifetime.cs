namespace SparseSharp.Workers;

/// <summary>
/// Who may touch the memory of an object that several threads share: any number of users at once, or one who changes it. After
/// <see cref="Close"/> nobody may, and the memory is freed when the last one has gone.
/// </summary>
/// <remarks>
/// All layers of a model share one. A thread may enter again what it is in already. New users wait while somebody changes, or waits to
/// change; so neither side starves. A scope also keeps the object alive for the collector, which raw pointers do not.
/// </remarks>
/// <param name="name">What exceptions call the object: the user's type.</param>
/// <param name="layers">Layers that share it.</param>
internal sealed class Lifetime(string name, int layers = 1)
{
    private const int Closed = 1 << 30;
    private const int Changing = 1 << 29;
    private const int Users = Changing - 1;

    [ThreadStatic]
    private static Lifetime? t_inUse;

    private readonly Lock _memoryLock = new();
    private readonly object _turn = new();
    private readonly List<IDisposable> _memory = [];
    private int _state;
    private int _changer;
    private int _depth;

    /// <summary>Layers that share it: a model that is a part of another one shares that one's.</summary>
    public int Layers => layers;

    /// <summary>Whether nobody may use the object any more.</summary>
    public bool IsClosed => (Volatile.Read(ref _state) & Closed) != 0;

    /// <exception cref="ObjectDisposedException">The object is closed.</exception>
    public void ThrowIfClosed()
    {
        if (IsClosed)
            throw new ObjectDisposedException(name);
    }

    /// <summary>Enters as one of many who use the object as it is; waits for one who changes it.</summary>
    /// <exception cref="ObjectDisposedException">The object is closed.</exception>
    public Scope Use()
    {
        if (t_inUse == this || Volatile.Read(ref _changer) == Environment.CurrentManagedThreadId)
        {
            ThrowIfClosed();
            return new Scope(this, Entry.Nested, null);
        }
        if (Interlocked.Increment(ref _state) > Users)
            WaitForUse();
        var outer = t_inUse;
        t_inUse = this;
        return new Scope(this, Entry.Use, outer);
    }

    /// <summary>Enters alone; waits until all others are out.</summary>
    /// <exception cref="ObjectDisposedException">The object is closed.</exception>
    public Scope Change() => Change(waits: true);

    /// <summary>As <see cref="Change()"/> of an object that serves one thread.</summary>
    /// <exception cref="ObjectDisposedException">The object is closed.</exception>
    /// <exception cref="InvalidOperationException">Another thread is in.</exception>
    public Scope ChangeOrThrow() => Change(waits: false);

    /// <summary>Lets nobody in any more, and frees memory as soon as nobody is in.</summary>
    public void Close(IDisposable memory)
    {
        lock (_memoryLock)
            _memory.Add(memory);
        Interlocked.Or(ref _state, Closed);
        WakeWaiting();
        FreeIfUnused();
    }

    private Scope Change(bool waits)
    {
        if (_changer == Environment.CurrentManagedThreadId)
        {
            ThrowIfClosed();
            _depth++;
            return new Scope(this, Entry.Change, null);
        }
        if (t_inUse == this)
            throw new InvalidOperationException($"{name} cannot be changed while the same thread uses it.");
        WaitForChange(waits);
        (_changer, _depth) = (Environment.CurrentManagedThreadId, 1);
        return new Scope(this, Entry.Change, null);
    }

    private void WaitForUse()
    {
        while (true)
        {
            LeaveUse();
            lock (_turn)
            {
                while ((Volatile.Read(ref _state) & (Changing | Closed)) == Changing)
                    Monitor.Wait(_turn);
            }
            ThrowIfClosed();
            if (Interlocked.Increment(ref _state) <= Users)
                return;
        }
    }

    private void WaitForChange(bool waits)
    {
        lock (_turn)
        {
            while ((Volatile.Read(ref _state) & (Changing | Closed)) == Changing)
            {
                if (!waits)
                    throw new InvalidOperationException($"Another thread is using this {name}, which serves one thread at a time.");
                Monitor.Wait(_turn);
            }
            ThrowIfClosed();
            Interlocked.Or(ref _state, Changing);
        }
        var spinner = new SpinWait();
        while ((Volatile.Read(ref _state) & Users) != 0)
            spinner.SpinOnce();
        if (!IsClosed)
            return;
        EndChange();
        ThrowIfClosed();
    }

    private void LeaveUse()
    {
        if ((Interlocked.Decrement(ref _state) & (Closed | Users)) == Closed)
            FreeIfUnused();
    }

    private void EndChange()
    {
        Interlocked.And(ref _state, ~Changing);
        WakeWaiting();
        if (IsClosed)
            FreeIfUnused();
    }

    private void WakeWaiting()
    {
        lock (_turn)
            Monitor.PulseAll(_turn);
    }

    private void FreeIfUnused()
    {
        lock (_memoryLock)
        {
            if ((Volatile.Read(ref _state) & (Users | Changing)) != 0)
                return;
            foreach (var memory in _memory)
                memory.Dispose();
            _memory.Clear();
        }
    }

    internal enum Entry
    {
        Nested,
        Use,
        Change,
    }

    /// <summary>The time between entering and leaving.</summary>
    internal readonly ref struct Scope : IDisposable
    {
        private readonly Lifetime _lifetime;
        private readonly Lifetime? _outer;
        private readonly Entry _entry;

        internal Scope(Lifetime lifetime, Entry entry, Lifetime? outer) => (_lifetime, _entry, _outer) = (lifetime, entry, outer);

        public void Dispose()
        {
            if (_entry == Entry.Use)
            {
                t_inUse = _outer;
                _lifetime.LeaveUse();
            }
            else if (_entry == Entry.Change && --_lifetime._depth == 0)
            {
                Volatile.Write(ref _lifetime._changer, 0);
                _lifetime.EndChange();
            }
        }
    }
}
