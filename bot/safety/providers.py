"""The shapes of tokens that providers issue: a literal prefix and a greedy run, with no boundary asked for after it.

The least lengths lie below the real ones (given in the comments), so that a token cut short is hidden too.
"""

from __future__ import annotations

from typing import NamedTuple


class Shape(NamedTuple):
    """``prefixes``: space-separated literals; ``rest``: a pattern of what must follow one of them."""

    kind: str
    prefixes: str
    rest: str


_A = "[A-Za-z0-9]"
_W = r"[\w-]"
_HEX = "[0-9A-Fa-f]"
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_DIGIT = "(?=[A-Za-z_-]{0,40}[0-9])"  # for prefixes that are words too: a digit must come soon

# These prefixes are so odd that they need no boundary before them.
DISTINCT = (
    Shape("github token", "ghp_ gho_ ghu_ ghs_ ghr_", r"\w{20,}(?:[.-]\w{8,}){0,8}"),  # 36, ghr_ 76; ghs_ may be a JWT
    Shape("github token", "github_pat_", r"\w{22,}"),  # 82
    # docs.gitlab.com, token overview: 20 and more
    Shape(
        "gitlab token",
        "glpat- gldt- glrt- glrtr- glcbt- glptt- glft- glimt- glagent- gloas- glsoat- glffct- glwt-",
        _W + "{16,}(?:[.]" + _W + "{2,}){0,4}",
    ),
    Shape("gitlab token", "GR1348941", _W + "{16,}"),  # 20
    Shape("google api key", "AIza", _W + "{30,}"),  # 35
    Shape("google oauth token", "ya29.", r"[\w.-]{20,}"),
    Shape("google client secret", "GOCSPX-", _W + "{20,}"),  # 28
    Shape("google storage key", "GOOG1", "[A-Z0-9]{40,}"),  # 56
    Shape("slack token", "xoxb- xoxp- xoxa- xoxr- xoxs- xoxo- xoxc- xoxd- xoxe- xoxe. xapp- xwfp-", r"[\w.%+/-]{10,}"),
    Shape(
        "slack webhook", "hooks.slack.com/services/ hooks.slack.com/workflows/ hooks.slack.com/triggers/", r"[\w/]{20,}"
    ),
    Shape("discord webhook", "discord.com/api/webhooks/ discordapp.com/api/webhooks/", r"\d{10,}/[\w-]{20,}"),
    Shape("teams webhook", "webhook.office.com/webhookb2/", r"[\w@/-]{40,}"),
    Shape("google chat webhook", "chat.googleapis.com/v1/spaces/", r"[^\s\"'<>]{1,60}key=[^\s\"'<>]{20,}"),
    Shape("zapier webhook", "hooks.zapier.com/hooks/catch/", r"\d+/\w{6,}"),
    Shape("telegram token", "api.telegram.org/bot", r"\d{6,}:[\w-]{20,}"),
    Shape("stripe key", "whsec_", "[A-Za-z0-9+/=]{16,}"),  # 32; svix: base64
    Shape("anthropic key", "sk-ant-", _W + "{16,}"),  # 95 and more
    Shape("openai key", "sk-proj- sk-svcacct- sk-admin- sk-None-", _W + "{20,}"),  # 48 to 164
    Shape("openrouter key", "sk-or-v1-", _HEX + "{32,}"),  # 64
    Shape("langfuse key", "sk-lf-", _W + "{20,}"),
    Shape("langsmith key", "lsv2_pt_ lsv2_sk_", r"\w{20,}"),
    Shape("perplexity key", "pplx-", _A + "{30,}"),  # 48
    Shape("nvidia key", "nvapi-", _W + "{30,}"),  # 64
    Shape("tavily key", "tvly-", _DIGIT + _W + "{16,}"),
    Shape("pinecone key", "pcsk_", r"\w{30,}"),
    Shape("apify token", "apify_api_", _A + "{24,}"),  # 36
    Shape("wandb key", "wandb_v1_", r"\w{24,}"),
    Shape("kaggle token", "KGAT_", _A + "{24,}"),
    Shape("hugging face token", "api_org_", _A + "{24,}"),  # 34
    Shape("npm token", "npm_", _DIGIT + _A + "{30,}"),  # 36
    Shape("pypi token", "pypi-AgE", _W + "{30,}"),  # 150 and more
    Shape("rubygems key", "rubygems_", _HEX + "{30,}"),  # 48
    Shape("clojars token", "CLOJARS_", _HEX + "{40,}"),  # 60
    Shape("docker token", "dckr_pat_ dckr_oat_", _W + "{16,}"),  # 27
    Shape("snyk token", "snyk_uat. snyk_sat.", r"[\w.-]{20,}"),
    Shape("circleci token", "CCIPAT_ CCIPRJ_", r"\w{20,}"),
    Shape("vault token", "hvs. hvb. hvr.", _W + "{20,}"),  # 90 and more
    Shape(
        "doppler token",
        "dp.pt. dp.ct. dp.scim. dp.sa. dp.audit. dp.said. dp.st.",
        r"(?:[a-z0-9_-]{1,32}\.)?" + _A + "{30,}",
    ),  # 40 to 44
    Shape("1password token", "ops_eyJ", r"[\w+/=-]{40,}"),  # 250 and more
    Shape("age key", "AGE-SECRET-KEY-1 AGE-PLUGIN-", "[A-Z0-9-]{30,}"),  # 58, bech32
    Shape("tailscale key", "tskey-auth- tskey-api- tskey-client- tskey-scim- tskey-webhook- tskey-", _W + "{16,}"),
    Shape("digitalocean token", "dop_v1_ doo_v1_ dor_v1_", _HEX + "{30,}"),  # 64
    Shape("heroku key", "HRKU-", _W + "{20,}"),  # 36, 60
    Shape("supabase key", "sbp_", r"(?:v0_)?" + _HEX + "{30,}"),  # 40
    Shape("supabase key", "sb_secret_", _W + "{16,}"),  # 31
    Shape("neon key", "napi_", _A + "{40,}"),  # 64
    Shape("planetscale token", "pscale_tkn_ pscale_pw_ pscale_oauth_", r"[\w=.-]{20,}"),  # 32 to 64
    Shape("mongodb atlas secret", "mdb_sa_sk_", _W + "{20,}"),
    Shape("aiven password", "AVNS_", _W + "{12,}"),  # 19
    Shape("elastic key", "essu_", r"[\w+/=-]{30,}"),
    Shape("grafana token", "glsa_", r"\w{30,}"),  # 41
    Shape("grafana token", "glc_eyJ", r"[\w+/=-]{30,}"),
    Shape("new relic key", "NRAK- NRII- NRJS- NRRA- NRIQ-", _W + "{16,}"),  # 27, 32, 19
    Shape("sentry token", "sntrys_ sntryu_ sntrya_", r"[\w+/=-]{30,}"),  # 64; 130 and more
    Shape("honeycomb key", "hcaik_ hcaic_ hcamk_ hcalk_", _A + "{24,}"),
    Shape("dynatrace token", "dt0c01. dt0s01. dt0s16.", r"[A-Z0-9]{8,24}\.[A-Za-z0-9]{30,}"),  # 24.64
    Shape("axiom token", "xaat- xapt-", _UUID),
    Shape("linear key", "lin_api_ lin_oauth_ lin_wh_", _A + "{24,}"),  # 40
    Shape("notion token", "ntn_", _A + "{30,}"),  # 46
    Shape("figma token", "figd_ figo_ figu_ figoh_", _W + "{24,}"),  # 40
    Shape("atlassian token", "ATATT3 ATCTT3 ATSTT3 ATOATT", r"[\w=-]{40,}"),  # 186
    Shape("shopify token", "shpat_ shpca_ shppa_ shpss_ shptka_ shpua_ shprt_", _A + "{24,}"),  # 32
    Shape("square token", "sq0atp- sq0csp-", _W + "{20,}"),  # 22, 43
    Shape("paypal token", "access_token$production$ access_token$sandbox$", _A + r"{8,}\$" + _HEX + "{24,}"),
    Shape("plaid token", "access-sandbox- access-development- access-production-", _UUID),
    Shape("razorpay key", "rzp_live_ rzp_test_", _A + "{12,}"),  # 14
    Shape("flutterwave key", "FLWSECK- FLWSECK_TEST-", r"[\w-]{12,}"),
    Shape("brevo key", "xkeysib- xsmtpsib-", _W + "{40,}"),  # 64-16
    Shape("hubspot token", "pat-na1- pat-na2- pat-na3- pat-eu1- pat-ap1-", _UUID),
    Shape("shippo token", "shippo_live_ shippo_test_", _HEX + "{30,}"),  # 40
    Shape("duffel token", "duffel_live_ duffel_test_", r"[\w=-]{30,}"),  # 43
    Shape("frame.io token", "fio-u-", r"[\w=-]{40,}"),  # 64
    Shape("postman key", "PMAK- PMAT-", _W + "{20,}"),  # 59
    Shape("contentful token", "CFPAT-", _W + "{30,}"),  # 43
    Shape("openshift token", "sha256~", _W + "{30,}"),  # 43
    Shape("authress key", "authress_ scauth_", r"[\w.+/=-]{50,}"),
    Shape("settlemint token", "sm_aat_ sm_pat_ sm_sat_", _A + "{12,}"),  # 16
    Shape("defined networking key", "dnkey-", r"[\w=-]{40,}"),
    Shape("scalingo token", "tk-us-", _W + "{30,}"),  # 48
    Shape("n8n key", "n8n_api_", _W + "{20,}"),
    Shape("inngest key", "signkey-prod- signkey-test- signkey-branch-", _HEX + "{24,}"),
    Shape("bedrock key", "ABSKQmVkcm9ja0FQSUtleS bedrock-api-key-", "[A-Za-z0-9+/=]{40,}"),
    Shape("nostr key", "nsec1", "[a-z0-9]{50,}"),  # 58
    Shape("private key", "LS0tLS1CRUdJTi", "[A-Za-z0-9+/=]{100,}"),  # base64 of a PEM header
    Shape("aws session token", "IQoJb3JpZ2lu FwoGZXIvYXdz", "[A-Za-z0-9+/=%]{40,}"),
)

# These could be part of a longer word or run: they must begin one.
APART = (
    Shape("aws access key", "AKIA", "[A-Z0-9]{14,}"),  # 16
    Shape("aws access key", "ASIA ABIA ACCA A3T", "(?=[A-Z]{0,15}[0-9])[A-Z0-9]{14,}"),  # 16
    Shape("openai key", "sk-", "(?=[A-Za-z]{0,30}[0-9])[A-Za-z0-9]{20,}" + _W + "{0,200}"),  # 48
    Shape(
        "stripe key", "sk_live_ sk_test_ sk_prod_ rk_live_ rk_test_ rk_prod_", r"(?=[A-Za-z_]{0,40}[0-9])\w{10,}"
    ),  # 24 to 99; pk_ is public
    Shape("elevenlabs key", "sk_", _HEX + "{40,}"),  # 48
    Shape("hugging face token", "hf_", _A + "{30,}"),  # 34
    Shape("replicate token", "r8_", _A + "{30,}"),  # 37
    Shape("xai key", "xai-", _A + "{50,}"),  # 80
    Shape("cerebras key", "csk-", "[a-z0-9]{40,}"),
    Shape("fireworks key", "fw_", _DIGIT + _A + "{20,}"),  # 24
    Shape("firecrawl key", "fc-", _HEX + "{30,}"),  # 32
    Shape("e2b key", "e2b_", _HEX + "{30,}"),  # 40
    Shape("voyage key", "pa-", _DIGIT + _W + "{40,}"),
    Shape("runpod key", "rpa_", _A + "{30,}"),
    Shape("openai session", "sess-", _A + "{30,}"),  # 40
    Shape("google refresh token", "1//0 1//1", _W + "{30,}"),
    Shape("google auth code", "4/0A", _W + "{40,}"),
    Shape("google api key", "AQ.Ab", _W + "{30,}"),
    Shape("sendgrid key", "SG.", r"[\w-]{12,30}\.[\w-]{20,}"),  # 22.43
    Shape("mailgun key", "key-", _HEX + "{30,}"),  # 32
    Shape("mandrill key", "md-", _DIGIT + _W + "{20,22}"),  # 22
    Shape("twilio key", "SK", "[0-9a-f]{30,}"),  # 32
    Shape("telnyx key", "KEY0", r"[0-9A-F]{20,}_\w{16,}"),
    Shape("notion token", "secret_", _DIGIT + _A + "{30,}"),  # 43
    Shape("airtable token", "pat", _A + r"{14}\.[0-9a-f]{40,}"),  # 14.64
    Shape("asana token", "1/ 2/", r"\d{12,}(?:/\d{12,})?:[0-9a-f]{30,}"),
    Shape("clickup token", "pk_", r"\d{5,10}_[A-Z0-9]{28,}"),  # 32
    Shape("databricks token", "dapi dkea dose", "[0-9a-f]{30,}(?:-[0-9])?"),  # 32
    Shape("pulumi token", "pul-", _HEX + "{30,}"),  # 40
    Shape("octopus key", "API-", "(?=[A-Z]{0,25}[0-9])[A-Z0-9]{24,}"),  # 26
    Shape("square token", "EAAA EAAl", _W + "{50,}"),  # 60
    Shape("crates.io token", "cio", _DIGIT + _A + "{30,}"),  # 32
    Shape("nuget key", "oy2", "[a-z0-9]{40,}"),  # 43
    Shape("vault token", "s.", "(?=[A-Za-z]{0,23}[0-9])[A-Za-z0-9]{24}(?![A-Za-z0-9(])"),
    Shape("1password secret key", "A3-", r"[A-Z0-9]{6}-(?:[A-Z0-9]{5,11}-?){3,6}"),
    Shape("harness token", "pat. sat.", _A + r"{16,30}\.[0-9a-f]{20,26}\.[A-Za-z0-9]{16,24}"),
    Shape("cloudflare origin key", "v1.0-", "[0-9a-f]{24}-[0-9a-f]{60,}"),  # 24-146
    Shape("adobe secret", "p8e- p8-", _DIGIT + _W + "{30,}"),  # 32
    Shape("dropbox token", "sl.", _DIGIT + _W + "{60,}"),  # 130 and more
    Shape("mapbox token", "sk.eyJ", r"[\w.-]{40,}"),  # pk. is public
    Shape("launchdarkly key", "sdk- api- mob-", _UUID),
    Shape("sanity token", "sk", "(?=[a-zA-Z]{0,40}[0-9])[A-Za-z0-9]{80,}"),
    Shape("neon password", "npg_", _A + "{8,}"),
    Shape("mollie key", "live_ test_", _DIGIT + _A + "{28,}"),  # 30, lob 35
    Shape("tencent key id", "AKID", _A + "{28,}"),  # 32
    Shape("clickhouse key", "4b1d", _A + "{36,}"),  # 38
    Shape("okta token", "00", r"(?=[\w-]{0,10}[A-Z])(?=[\w-]{0,10}[a-z])[\w-]{40}(?![\w-])"),
    Shape("plivo token", "MAM", "[A-Z0-9]{17}:[A-Za-z0-9]{30,}"),
    Shape("databox token", "BBFF-", _A + "{24,}"),
    Shape("convex key", "prod:", r"[a-z]+-[a-z]+-\d+\|[\w=+/-]{20,}"),
    Shape("groq key", "gsk_", _A + "{30,}"),  # 52
    Shape("jina key", "jina_", _A + "{40,}"),
    Shape("together key", "tgp_v1_", _W + "{24,}"),
    Shape("jfrog token", "AKCp cmVmdGtuOj", "[A-Za-z0-9+/=]{40,}"),  # 69, 64
    Shape("sonar token", "squ_ sqp_ sqa_", _HEX + "{30,}"),  # 40
    Shape("buildkite token", "bkua_ bkct_ bkat_", _A + "{24,}"),  # 40
    Shape("fly token", "fo1_ fm1r_ fm1a_ fm2_", r"[\w+/=-]{32,}"),  # 43; 100 and more
    Shape("netlify token", "nfp_ nfc_ nfo_ nfb_", _DIGIT + _A + "{30,}"),  # 36
    Shape("bitbucket password", "ATBB BBDC-", _DIGIT + r"[\w+/=-]{24,}"),  # 32
    Shape("trello token", "ATTA", _HEX + "{40,}"),  # 72
    Shape("easypost key", "EZAK EZTK", _A + "{40,}"),  # EasyPost, 54
    Shape("readme key", "rdme_", _A + "{40,}"),  # 70
    Shape("typeform token", "tfp_", r"[\w.=-]{40,}"),  # 59
    Shape("prefect key", "pnu_ pnb_", _A + "{30,}"),  # 36
    Shape("dbt token", "dbtc_ dbtu_", r"[\w=-]{24,}"),
    Shape("sourcegraph token", "sgp_ slk_", r"\w{30,}"),  # 40
    Shape("posthog key", "phx_ phs_", _A + "{30,}"),  # 43; phc_ is public
    Shape("alibaba key id", "LTAI", _DIGIT + _A + "{12,}"),  # 20
    Shape("yandex token", "AQVN y0_ t1.9eu", r"[\w=.-]{30,}"),
    Shape("facebook token", "EAAC EAAB EAAG EAAD EAAM EAAJ EAAE EAAH EAAI EAAF EAAO EAAP EAAW EAAX", _A + "{60,}"),
    Shape("instagram token", "IGQV IGQW IGAA", r"[\w.-]{60,}"),
    Shape("twitter bearer token", "AAAAAAAAAAAAAAAAAAAAA", r"(?=[A-Za-z0-9%]{0,30}[b-zB-Z1-9])[A-Za-z0-9%]{40,}"),
    Shape("render key", "rnd_", _DIGIT + _A + "{24,}"),  # 32
    Shape("resend key", "re_", r"(?=[A-Za-z_]{0,40}[0-9])[A-Za-z0-9]{6,10}_[A-Za-z0-9]{20,}"),  # 8_24
    Shape("cloudflare token", "cfut_ cfat_ cfk_", _W + "{30,}"),
    Shape("wakatime key", "waka_", _UUID),
    Shape("matrix token", "syt_", r"[A-Za-z0-9+/=]{1,90}_[A-Za-z]{12,}_\w{4,}"),
    Shape("bip32 private key", "xprv", _A + "{80,}"),  # 107
    Shape("vercel token", "vcp_ vci_ vck_ vca_ vcr_", _DIGIT + _A + "{24,}"),
    Shape("json web token", "eyJ", r"[\w-]{8,4096}\.[\w-]{8,}(?:\.[\w-]{0,16384}){0,3}"),
)

# Shapes whose literal stands in the middle or at the end: (kind, literal that must occur, whole pattern).
INFIX = (
    ("telegram token", ":AA", r"(?<![0-9])[0-9]{8,12}:AA[\w-]{28,}"),  # 33
    ("mailchimp key", "-us", r"(?<![0-9A-Za-z])[0-9a-f]{32}-us[0-9]{1,2}"),
    ("azure client secret", "Q~", r"(?<![\w~.])[\w.~-]{3,5}Q~[\w.~-]{28,}"),  # 3 8Q~ 34
    ("maxmind key", "_mmk", r"(?<![A-Za-z0-9])[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk"),
    ("terraform token", ".atlasv1.", r"(?<![A-Za-z0-9])[A-Za-z0-9]{10,20}\.atlasv1\.[\w=-]{40,}"),  # 14, 60 to 70
    ("salesforce token", "!AQ", r"(?<![A-Za-z0-9])00D[A-Za-z0-9]{12,15}!AQ[\w.]{40,}"),
    ("azure key", "JQQJ99", r"(?<![A-Za-z0-9])[A-Za-z0-9]{40,60}JQQJ99[A-Za-z0-9]{10,40}"),  # 84
    ("azure devops token", "AZDO", r"(?<![A-Za-z0-9])[A-Za-z0-9]{70,80}AZDO[A-Za-z0-9]{2,8}"),  # 84
    ("azure key", "+ACR", r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40,44}\+ACR[A-Za-z0-9]{4,10}"),
    ("azure key", "+AST", r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{70,78}\+AST[A-Za-z0-9+/=]{4,10}"),
    ("openai key", "T3BlbkFJ", r"(?<![\w-])[\w-]{16,200}T3BlbkFJ[\w-]{16,}"),
    ("twilio token", "AC", r"AC[0-9a-f]{32}[^0-9a-f\n]{1,40}[0-9a-f]{32}(?![0-9a-f])"),
    ("rancher token", "token-", r"token-[a-z0-9]{5}:[a-z0-9]{40,}"),
    ("facebook app token", "acebook", r"(?<![0-9])[0-9]{15,16}\|[\w-]{25,40}"),
    ("bitwarden token", "itwarden", rf"(?<![0-9])0\.{_UUID}\.[A-Za-z0-9]{{20,}}:[A-Za-z0-9+/=]{{16,}}"),
    # A Discord bot token begins with the base64 of a decimal id.
    ("discord token", ".", r"(?<![\w-])[MNO](?=[A-Za-z]{0,22}[0-9])[A-Za-z0-9]{21,27}\.[\w-]{6}\.[\w-]{25,45}"),
    ("private key", '"kty"', r'"(?:d|p|q|dp|dq|qi|k)"\s{0,4}:\s{0,4}"[\w-]{20,}"'),
    ("private key", "<RSAKeyValue>", r"<(?:D|P|Q|DP|DQ|InverseQ)>[A-Za-z0-9+/=]{20,}"),
    ("password hash", "$1$", r"\$1\$[\w./]{1,8}\$[\w./]{22}"),
    ("password hash", "$", r"\$(?:2[abxy]|5|6|y|7|apr1|argon2(?:id|i|d)|scrypt)\$[\w./$=,+-]{20,}"),
)
