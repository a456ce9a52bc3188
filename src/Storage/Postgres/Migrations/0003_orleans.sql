-- What Orleans' AdoNet providers (clustering, grain storage, reminders) expect to find. They read orleansquery and run the texts in it
-- by their keys: parameters are given by name, results are read by column name. The names of queries, parameters and columns are
-- theirs; the tables are reached by these texts alone. A text that answers whether it changed anything answers a number, 0 for no.

CREATE TABLE orleansquery (
    querykey text PRIMARY KEY,
    querytext text NOT NULL
);

-- Clustering. Every change of the members turns the version of their cluster, and only from the version the caller has read: of two
-- silos that decide at once on what they know, one has to look again. Saying "I am alive" turns nothing.

CREATE TABLE orleansmembershipversiontable (
    deploymentid text PRIMARY KEY,
    version integer NOT NULL DEFAULT 0,
    "timestamp" timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE orleansmembershiptable (
    deploymentid text NOT NULL REFERENCES orleansmembershipversiontable,
    address text NOT NULL,
    port integer NOT NULL,
    generation integer NOT NULL,
    siloname text NOT NULL,
    hostname text NOT NULL,
    status integer NOT NULL,
    proxyport integer,
    suspecttimes text,
    starttime timestamptz NOT NULL,
    iamalivetime timestamptz NOT NULL,
    PRIMARY KEY (deploymentid, address, port, generation)
);

INSERT INTO orleansquery (querykey, querytext) VALUES
('InsertMembershipVersionKey', $query$
    WITH made AS (
        INSERT INTO orleansmembershipversiontable (deploymentid) VALUES (@DeploymentId)
        ON CONFLICT DO NOTHING
        RETURNING 1)
    SELECT count(*)::integer FROM made
$query$),
('InsertMembershipKey', $query$
    WITH turned AS (
        UPDATE orleansmembershipversiontable SET version = version + 1, "timestamp" = now()
        WHERE deploymentid = @DeploymentId AND version = @Version
          AND NOT EXISTS (
            SELECT FROM orleansmembershiptable
            WHERE deploymentid = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING deploymentid),
    joined AS (
        INSERT INTO orleansmembershiptable
            (deploymentid, address, port, generation, siloname, hostname, status, proxyport, starttime, iamalivetime)
        SELECT deploymentid, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
        FROM turned
        RETURNING 1)
    SELECT count(*)::integer FROM joined
$query$),
('UpdateMembershipKey', $query$
    WITH turned AS (
        UPDATE orleansmembershipversiontable SET version = version + 1, "timestamp" = now()
        WHERE deploymentid = @DeploymentId AND version = @Version
          AND EXISTS (
            SELECT FROM orleansmembershiptable
            WHERE deploymentid = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING deploymentid),
    changed AS (
        UPDATE orleansmembershiptable AS member
        SET status = @Status, suspecttimes = @SuspectTimes, iamalivetime = @IAmAliveTime
        FROM turned
        WHERE member.deploymentid = turned.deploymentid
          AND member.address = @Address AND member.port = @Port AND member.generation = @Generation
        RETURNING 1)
    SELECT count(*)::integer FROM changed
$query$),
('UpdateIAmAlivetimeKey', $query$
    UPDATE orleansmembershiptable SET iamalivetime = @IAmAliveTime
    WHERE deploymentid = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$query$),
('MembershipReadRowKey', $query$
    SELECT cluster.deploymentid, member.address, member.port, member.generation, member.siloname, member.hostname, member.status,
        member.proxyport, member.suspecttimes, member.starttime, member.iamalivetime, cluster.version
    FROM orleansmembershipversiontable AS cluster
    LEFT JOIN orleansmembershiptable AS member
        ON member.deploymentid = cluster.deploymentid
        AND member.address = @Address AND member.port = @Port AND member.generation = @Generation
    WHERE cluster.deploymentid = @DeploymentId
$query$),
('MembershipReadAllKey', $query$
    SELECT cluster.deploymentid, member.address, member.port, member.generation, member.siloname, member.hostname, member.status,
        member.proxyport, member.suspecttimes, member.starttime, member.iamalivetime, cluster.version
    FROM orleansmembershipversiontable AS cluster
    LEFT JOIN orleansmembershiptable AS member ON member.deploymentid = cluster.deploymentid
    WHERE cluster.deploymentid = @DeploymentId
$query$),
('GatewaysQueryKey', $query$
    SELECT address, proxyport, generation
    FROM orleansmembershiptable
    WHERE deploymentid = @DeploymentId AND status = @Status AND proxyport > 0
$query$),
('DeleteMembershipTableEntriesKey', $query$
    DELETE FROM orleansmembershiptable WHERE deploymentid = @DeploymentId;
    DELETE FROM orleansmembershipversiontable WHERE deploymentid = @DeploymentId
$query$),
-- 3 is an active silo: one that is declared active is never cleaned up, however long it was silent.
('CleanupDefunctSiloEntriesKey', $query$
    DELETE FROM orleansmembershiptable
    WHERE deploymentid = @DeploymentId AND iamalivetime < @IAmAliveTime AND status <> 3
$query$);

-- Grain storage. A grain's key is its numbers or its text, with the hashes of both in front to keep the index short to search. The
-- first write of a state is an insert that a second activation cannot repeat: the index is unique, with a missing text equal to another.

CREATE TABLE orleansstorage (
    grainidhash integer NOT NULL,
    grainidn0 bigint NOT NULL,
    grainidn1 bigint NOT NULL,
    graintypehash integer NOT NULL,
    graintypestring text NOT NULL,
    grainidextensionstring text,
    serviceid text NOT NULL,
    payloadbinary bytea,
    modifiedon timestamptz NOT NULL,
    version integer NOT NULL,
    UNIQUE NULLS NOT DISTINCT (grainidhash, graintypehash, grainidn0, grainidn1, grainidextensionstring, graintypestring, serviceid)
);

INSERT INTO orleansquery (querykey, querytext) VALUES
('ReadFromStorageKey', $query$
    SELECT payloadbinary, version
    FROM orleansstorage
    WHERE grainidhash = @GrainIdHash AND graintypehash = @GrainTypeHash AND grainidn0 = @GrainIdN0 AND grainidn1 = @GrainIdN1
      AND grainidextensionstring IS NOT DISTINCT FROM @GrainIdExtensionString
      AND graintypestring = @GrainTypeString AND serviceid = @ServiceId
$query$),
-- The version it was called with means: not written, another was faster.
('WriteToStorageKey', $query$
    WITH first AS (
        INSERT INTO orleansstorage
            (grainidhash, grainidn0, grainidn1, graintypehash, graintypestring, grainidextensionstring, serviceid, payloadbinary, modifiedon, version)
        SELECT @GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString, @GrainIdExtensionString, @ServiceId, @PayloadBinary, now(), 1
        WHERE @GrainStateVersion IS NULL
        ON CONFLICT DO NOTHING
        RETURNING version),
    next AS (
        UPDATE orleansstorage SET payloadbinary = @PayloadBinary, modifiedon = now(), version = version + 1
        WHERE grainidhash = @GrainIdHash AND graintypehash = @GrainTypeHash AND grainidn0 = @GrainIdN0 AND grainidn1 = @GrainIdN1
          AND grainidextensionstring IS NOT DISTINCT FROM @GrainIdExtensionString
          AND graintypestring = @GrainTypeString AND serviceid = @ServiceId AND version = @GrainStateVersion
        RETURNING version)
    SELECT coalesce((SELECT version FROM first), (SELECT version FROM next), @GrainStateVersion) AS newgrainstateversion
$query$),
('ClearStorageKey', $query$
    UPDATE orleansstorage SET payloadbinary = NULL, modifiedon = now(), version = version + 1
    WHERE grainidhash = @GrainIdHash AND graintypehash = @GrainTypeHash AND grainidn0 = @GrainIdN0 AND grainidn1 = @GrainIdN1
      AND grainidextensionstring IS NOT DISTINCT FROM @GrainIdExtensionString
      AND graintypestring = @GrainTypeString AND serviceid = @ServiceId AND version = @GrainStateVersion
    RETURNING version AS newgrainstateversion
$query$),
('DeleteStorageKey', $query$
    DELETE FROM orleansstorage
    WHERE grainidhash = @GrainIdHash AND graintypehash = @GrainTypeHash AND grainidn0 = @GrainIdN0 AND grainidn1 = @GrainIdN1
      AND grainidextensionstring IS NOT DISTINCT FROM @GrainIdExtensionString
      AND graintypestring = @GrainTypeString AND serviceid = @ServiceId AND version = @GrainStateVersion
    RETURNING version + 1 AS newgrainstateversion
$query$);

-- Reminders. A silo reads those of its range of hashes, (begin, end] on a ring: the second of the two texts is for a range that wraps.

CREATE TABLE orleansreminderstable (
    serviceid text NOT NULL,
    grainid text NOT NULL,
    remindername text NOT NULL,
    starttime timestamptz NOT NULL,
    period bigint NOT NULL,
    grainhash integer NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (serviceid, grainid, remindername)
);

CREATE INDEX ON orleansreminderstable (serviceid, grainhash);

INSERT INTO orleansquery (querykey, querytext) VALUES
('UpsertReminderRowKey', $query$
    INSERT INTO orleansreminderstable AS reminder (serviceid, grainid, remindername, starttime, period, grainhash, version)
    VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
    ON CONFLICT (serviceid, grainid, remindername) DO UPDATE
    SET starttime = excluded.starttime, period = excluded.period, grainhash = excluded.grainhash, version = reminder.version + 1
    RETURNING version
$query$),
('ReadReminderRowKey', $query$
    SELECT grainid, remindername, starttime, period, version
    FROM orleansreminderstable
    WHERE serviceid = @ServiceId AND grainid = @GrainId AND remindername = @ReminderName
$query$),
('ReadReminderRowsKey', $query$
    SELECT grainid, remindername, starttime, period, version
    FROM orleansreminderstable
    WHERE serviceid = @ServiceId AND grainid = @GrainId
$query$),
('ReadRangeRows1Key', $query$
    SELECT grainid, remindername, starttime, period, version
    FROM orleansreminderstable
    WHERE serviceid = @ServiceId AND grainhash > @BeginHash AND grainhash <= @EndHash
$query$),
('ReadRangeRows2Key', $query$
    SELECT grainid, remindername, starttime, period, version
    FROM orleansreminderstable
    WHERE serviceid = @ServiceId AND (grainhash > @BeginHash OR grainhash <= @EndHash)
$query$),
('DeleteReminderRowKey', $query$
    WITH gone AS (
        DELETE FROM orleansreminderstable
        WHERE serviceid = @ServiceId AND grainid = @GrainId AND remindername = @ReminderName AND version = @Version
        RETURNING 1)
    SELECT count(*)::integer FROM gone
$query$),
('DeleteReminderRowsKey', $query$
    DELETE FROM orleansreminderstable WHERE serviceid = @ServiceId
$query$);
