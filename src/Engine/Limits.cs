namespace Decisioning.Engine;

/// <summary>
/// INVARIANT (bounded): every list, window, string and depth of the engine has its limit here, with its arithmetic.
/// A customer that reaches all of them at once holds about 500 KB: 200 of profile, 130 of contacts, 80 of context, 64 of consents, 32 of
/// open offers. What the strategy's features hold comes on top: 100 bytes each, 2 to 4 KB with a full window, 4 KB with all its distinct
/// values, 70 KB with a text in each bucket. A typical customer holds 1 to 2 KB.
/// </summary>
public static class Limits
{
    /// <summary>Characters of a message id. Segment's own are 36 to 100; the log's unique key holds a hash of it.</summary>
    public const int MessageIdCharsMax = 128;

    /// <summary>Characters of a user id or an anonymous id. E-mail addresses have at most 254.</summary>
    public const int CustomerIdCharsMax = 256;

    /// <summary>Characters of an event's name.</summary>
    public const int EventNameCharsMax = 128;

    /// <summary>Bytes of one event: an order of 1,200 lines × 4 properties × 50 bytes = 240 KB. (Segment's 32 KB end at 150 lines; wholesalers' orders do not.)</summary>
    public const int EventBytesMax = 256 * 1024;

    /// <summary>Properties of one event, over all levels: 256 KB / 32 bytes for a short name with its value.</summary>
    public const int EventPropertiesMax = 8192;

    /// <summary>Levels of nesting in properties; products in an order are at level 3, deeper is data for a warehouse.</summary>
    public const int PropertyDepthMax = 8;

    /// <summary>Characters of one text property: half of Segment's event.</summary>
    public const int PropertyCharsMax = 16 * 1024;

    /// <summary>Characters of one property's name; paths in answers hold up to 8 of them.</summary>
    public const int PropertyNameCharsMax = 256;

    /// <summary>
    /// Further identities of one customer: browsers and devices of many years, and ids of other systems; 64 × (256 characters × 2 + 60 bytes) = 36 KB if all were as long
    /// as they may be.
    /// </summary>
    public const int IdentitiesPerCustomerMax = 64;

    /// <summary>Moves from an identity to its customer at most: a visitor who turns out to be another visitor, then a user, has made two. Each costs every later call for the identity a call between grains.</summary>
    public const int IdentityHopsMax = 4;

    /// <summary>Events of one call: 500 × 1 KB typical = 0.5 MB; the gateway takes messages up to 16 MB.</summary>
    public const int EventsPerBatchMax = 500;

    /// <summary>Profile attributes of one customer: 200 × 60 bytes = 12 KB; 200 × 2 × 256 characters = 200 KB if all names and values were as long as they may be.</summary>
    public const int ProfileAttributesMax = 200;

    /// <summary>Message ids remembered in memory per customer: 64 × (8 bytes of id + 8 of contents) = 1 KB; older ones are found by the log's unique key.</summary>
    public const int SeenMessagesMax = 64;

    /// <summary>
    /// Buckets of a sliding window at least: an edge is exact to 1/64 of the window. Widths are powers of two, so a window has 64 to 128:
    /// a full one is 128 × 16 bytes = 2 KB for a count, 3 KB for a sum, 4 KB for a mean. Windows over the same base share them.
    /// </summary>
    public const int WindowBuckets = 64;

    /// <summary>Days of the longest window of a feature: two years. The shortest is a minute.</summary>
    public const int WindowDaysMax = 730;

    /// <summary>Distinct values one feature remembers exactly: 256 × 16 bytes = 4 KB; beyond it the count is estimated (6.5 %) from at most 48 KB, typically 4.</summary>
    public const int DistinctValuesMax = 256;

    /// <summary>Values whose counts one top feature keeps: 16 × (170 bytes + 512 of text) = 10 KB, and 16 bytes for each bucket of each value, 32 KB if all were full.</summary>
    public const int TopValuesMax = 16;

    /// <summary>Bounds of the bands of one feature.</summary>
    public const int BandsMax = 20;

    /// <summary>Steps of one sequence.</summary>
    public const int SequenceStepsMax = 8;

    /// <summary>Instants kept of each step of a sequence: 16 × 24 bytes = 384 bytes a step; of a single step two in each 64th of its time, 254 × 24 = 6 KB.</summary>
    public const int SequenceInstantsMax = 16;

    /// <summary>Sessions kept for windows: 256 × 16 bytes = 4 KB; more in a window are not counted.</summary>
    public const int SessionsMax = 256;

    /// <summary>Characters of a text that a last-value or first-value feature keeps; the rest is cut off. 256 × 2 bytes = 512 bytes per feature.</summary>
    public const int FeatureTextCharsMax = 256;

    /// <summary>Names of the newest context kept, such as device, campaign, page: the Segment spec has 15; new names beyond the limit are not kept.</summary>
    public const int ContextNamesMax = 32;

    /// <summary>Characters of one name of the context that is kept, over all levels: a user agent or an address fits. 32 names × 1 KB × 2 bytes = 64 KB.</summary>
    public const int ContextValueCharsMax = 1024;

    /// <summary>Characters of one profile attribute that is kept: 200 × 256 × 2 bytes = 100 KB if all were that long.</summary>
    public const int ProfileValueCharsMax = 256;

    /// <summary>Characters of a consent's purpose or channel.</summary>
    public const int ConsentNameCharsMax = 64;

    /// <summary>Characters of a consent's evidence that are kept; the log has the rest.</summary>
    public const int ConsentEvidenceCharsMax = 128;

    /// <summary>How far ahead of our clock an event may be stamped, for callers whose clock runs fast.</summary>
    public static readonly TimeSpan ClockSkewMax = TimeSpan.FromMinutes(5);

    /// <summary>Tags of one customer: 64 × 48 bytes = 3 KB.</summary>
    public const int TagsPerCustomerMax = 64;

    /// <summary>Characters of a tag's evidence that are kept, with the id of the rule that gave it: 64 × 2 × 128 bytes = 16 KB if all were that long.</summary>
    public const int TagEvidenceCharsMax = 128;

    /// <summary>Stages that rules on transitions move at one event and that rules see again: as many as there are stages. Ends rules that move each other's stages for ever.</summary>
    public const int ChainedTransitionsMax = 32;

    /// <summary>How often a condition is looked at that computes with time in a way that is not foreseen: every hour, as `now.hour` changes.</summary>
    public static readonly TimeSpan UnforeseenStep = TimeSpan.FromHours(1);

    /// <summary>After which rules and stages are looked at again whose things changed after their turn. Rules and stages that drive each other round wake a customer this often, not more.</summary>
    public static readonly TimeSpan FollowUp = TimeSpan.FromMinutes(1);

    /// <summary>Hours, minutes or days that the clock is followed to where a comparison with it changes: two days, an hour, two months.</summary>
    public const int ClockStepsMax = 60;

    /// <summary>Instants looked at in one search for the next at which time alone changes something: the 64 edges of four windows, 256 × 0.5 µs = 0.1 ms. Beyond, the next one at which something may change is taken.</summary>
    public const int ForesightLooksMax = 256;

    /// <summary>The same after an event, where an instant too early costs a row and a look, and each look is paid for by every event: 16 × 1 µs with a thousand rules.</summary>
    public const int ForesightLooksPerEvent = 16;

    /// <summary>Contacts remembered per customer for caps: 256 × 500 bytes with their names = 128 KB; the oldest leave first.</summary>
    public const int ContactsPerCustomerMax = 256;

    /// <summary>Offers of one customer that wait for a response: 64 × 500 bytes with their names = 32 KB; the oldest leave first.</summary>
    public const int OpenOffersMax = 64;

    /// <summary>Recorded decisions of a customer after which one says the open offers in full again: 64 × 80 bytes once in 64 decisions is 80 bytes each.</summary>
    public const int DecisionsUntilOffersSaid = 64;

    /// <summary>Consents of one customer: purposes × channels, 16 × 8; 128 × 512 bytes with their evidence = 64 KB.</summary>
    public const int ConsentsPerCustomerMax = 128;

    /// <summary>Features of one strategy.</summary>
    public const int FeaturesMax = 1000;

    /// <summary>Rules of one strategy.</summary>
    public const int RulesMax = 10_000;

    /// <summary>Actions of one strategy: Pega's ceiling.</summary>
    public const int ActionsMax = 2500;

    /// <summary>Treatments of one action.</summary>
    public const int TreatmentsPerActionMax = 32;

    /// <summary>Characters of one content template.</summary>
    public const int TemplateCharsMax = 4096;

    /// <summary>Placeholders and choices in one content template.</summary>
    public const int TemplateTagsMax = 32;

    /// <summary>Characters of a template that is a file of its own: a newsletter with its markup.</summary>
    public const int TemplateFileCharsMax = 32 * 1024;

    /// <summary>Placeholders and choices in a template that is a file of its own.</summary>
    public const int TemplateFileTagsMax = 200;

    /// <summary>Items of a list that <c>{{#each}}</c> goes through; further ones are left out.</summary>
    public const int TemplateItemsMax = 20;

    /// <summary>Characters of a value that one placeholder renders, before escapes.</summary>
    public const int TemplateValueCharsMax = 256;

    /// <summary>Choices (<c>{{#if}}</c>) within choices in one content template.</summary>
    public const int TemplateDepthMax = 4;

    /// <summary>How far ahead a treatment may be sent: a reminder for the next quarter; what lies further is decided nearer to it.</summary>
    public static readonly TimeSpan SendAheadMax = TimeSpan.FromDays(90);

    /// <summary>Actions offered together: a leading one and seven more.</summary>
    public const int BundleMax = 8;

    /// <summary>Quiet hours of one strategy: a bit each.</summary>
    public const int QuietHoursMax = 16;

    /// <summary>Segments of one strategy.</summary>
    public const int SegmentsMax = 1000;

    /// <summary>Scores of one strategy.</summary>
    public const int ScoresMax = 16;

    /// <summary>Stages of one journey.</summary>
    public const int StagesMax = 32;

    /// <summary>Contact caps of one strategy.</summary>
    public const int CapsMax = 64;

    /// <summary>Bytes of one strategy as written, as much as gRPC clients take at once: 5,000 rules × 400 bytes = 2 MB and as much for actions, or 10,000 rules alone.</summary>
    public const int StrategyBytesMax = 4 * 1024 * 1024;

    /// <summary>Cases of one strategy's tests: four for each of 2,500 actions.</summary>
    public const int TestCasesMax = 10_000;

    /// <summary>Steps of one test case, repetitions counted: an event a day for ten years, and as many looks.</summary>
    public const int TestStepsMax = 10_000;

    /// <summary>How often a customer is woken between two steps of a test: each hour of a year, for conditions that read the hour.</summary>
    public const int WakesPerTestStepMax = 10_000;

    /// <summary>Instants that a running engine looks at each by itself when it comes to a customer late; the rest is looked at once. 100 × 200 bytes = 20 KB of log.</summary>
    public const int WakesAtOnceMax = 100;

    /// <summary>Nodes of one strategy file with its aliases written out: 4 MB / 20 bytes for a short key with its value. Stops alias bombs.</summary>
    public const int StrategyNodesMax = 200_000;

    /// <summary>Levels of nesting in a strategy file; the language's deepest place is at level 9.</summary>
    public const int StrategyDepthMax = 32;

    /// <summary>Files of one strategy.</summary>
    public const int StrategyFilesMax = 256;

    /// <summary>Mistakes reported for one strategy; the first ones are the useful ones.</summary>
    public const int StrategyErrorsMax = 1000;

    /// <summary>Characters of a name an author gives: a feature, a rule, an action.</summary>
    public const int NameCharsMax = 64;

    /// <summary>Events one strategy declares.</summary>
    public const int EventsMax = 500;

    /// <summary>Properties one event declares.</summary>
    public const int DeclaredPropertiesMax = 200;

    /// <summary>Events one feature looks at.</summary>
    public const int EventsPerFeatureMax = 32;

    /// <summary>Things one rule does.</summary>
    public const int EffectsPerRuleMax = 16;

    /// <summary>Points and grades of one score.</summary>
    public const int PointsPerScoreMax = 200;

    /// <summary>Calendars of one strategy.</summary>
    public const int CalendarsMax = 100;

    /// <summary>
    /// Items of one calendar: ten years of public holidays and some. Working out a year looks at each on 366 days: 146,400 looks of
    /// about 10 ns, 1.5 ms, once a year and calendar.
    /// </summary>
    public const int DaysPerCalendarMax = 400;

    /// <summary>Recurrences of one calendar, which count as items do.</summary>
    public const int RecurrencesMax = 20;

    /// <summary>Consent purposes of one strategy; with the channels they fill <see cref="ConsentsPerCustomerMax"/>.</summary>
    public const int PurposesMax = 16;

    /// <summary>Levers of one strategy.</summary>
    public const int LeversMax = 500;

    /// <summary>Weights that the plan of one stage gives.</summary>
    public const int StageWeightsMax = 100;

    /// <summary>Key figures of one stage.</summary>
    public const int StageKpisMax = 50;

    /// <summary>Goals one strategy weighs; each decision's plan sums them once per action, 2,500 × 16.</summary>
    public const int GoalsMax = 16;

    /// <summary>Situations that weigh one action.</summary>
    public const int ContextWeightsPerActionMax = 32;

    /// <summary>Characters of one rendered part of a treatment's content: a template file and as much again for what is known of the customer.</summary>
    public const int ContentCharsMax = 64 * 1024;

    /// <summary>Days of the longest duration an author may write: ten years; a feature's window is shorter, see <see cref="WindowDaysMax"/>.</summary>
    public const int DurationDaysMax = 3650;

    /// <summary>Characters of one expression.</summary>
    public const int ExpressionCharsMax = 4096;

    /// <summary>Items one decision may answer with, over all placements.</summary>
    public const int DecisionItemsMax = 50;

    /// <summary>Characters of a tracking token: 7 texts of at most 255 bytes and 30 bytes of numbers, 1,815 bytes in base64.</summary>
    public const int TrackingTokenCharsMax = 2420;

    /// <summary>Placements one decision may ask for.</summary>
    public const int PlacementsPerDecisionMax = 20;

    /// <summary>Candidates of one decision for which a counterfactual is looked for, those that came furthest first: each is decided anew up to some 30 times.</summary>
    public const int CounterfactualsMax = 20;

    /// <summary>Decisions made anew on the way to one counterfactual: the funnel has five stages that a change can help with.</summary>
    public const int CounterfactualStepsMax = 8;

    /// <summary>Things that one counterfactual changes; with more of them nobody would call it small.</summary>
    public const int CounterfactualChangesMax = 5;

    /// <summary>Candidates of one decision whose next instant is looked for over all stages, those that came furthest first: each is asked at up to <see cref="WhenNextStepsMax"/> instants.</summary>
    public const int WhenNextMax = 100;

    /// <summary>Instants at which a decision is made anew to find when its candidates are allowed again: ten days of hours.</summary>
    public const int WhenNextStepsMax = 240;

    /// <summary>Of these, how many for the sake of one candidate: four days of hours.</summary>
    public const int WhenNextStopsMax = 96;
}
