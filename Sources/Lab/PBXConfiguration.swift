import Foundation

/// The texts of the lab's own Asterisk configuration: as little as the calls need, so that it boots at once and in silence.
struct PBXConfiguration {
    /// Where Asterisk keeps what, as Asterisk sees it.
    let base: String
    let moduleFolder: String
    let sipPort: Int
    let managerPort: Int
    let firstMediaPort: Int
    let lines: Int

    /// Every file of the configuration folder but the dialplan: name and text.
    var files: [String: String] {
        var files = [
            "asterisk.conf": asterisk, "modules.conf": modules, "logger.conf": logger, "pjsip.conf": pjsip,
            "rtp.conf": "[general]\nrtpstart = \(firstMediaPort)\nrtpend = \(firstMediaPort + 999)\nicesupport = no\n",
            "indications.conf": indications,
            "cdr.conf": "[general]\nenable = no\n", "cel.conf": "[general]\nenable = no\n",
            "http.conf": "[general]\nenabled = no\n",
        ]
        // Asterisk warns of each of these when it is absent; empty is fine.
        for name in [
            "features", "udptl", "acl", "ccss", "stasis", "pjproject", "dsp", "codecs", "cli_permissions", "say",
        ] {
            files["\(name).conf"] = ""
        }
        return files
    }

    private var asterisk: String {
        """
        [directories]
        astetcdir => \(base)/etc
        astmoddir => \(moduleFolder)
        astvarlibdir => \(base)/var
        astdbdir => \(base)/db
        astkeydir => \(base)/keys
        astdatadir => \(base)/data
        astagidir => \(base)/data/agi-bin
        astspooldir => \(base)/spool
        astrundir => \(base)/run
        astlogdir => \(base)/log
        astcachedir => \(base)/cache

        [options]
        verbose = 3
        nocolor = yes
        hideconnect = yes
        ; A waiting robot sends no frame at all without this, and VoiceMail() gives up on it.
        transmit_silence = yes

        """
    }

    private var modules: String {
        "[modules]\nautoload = no\n" + Self.modules.map { "load = \($0).so\n" }.joined()
    }

    /// What the calls need, dependencies first. res_agi needs res_speech, chan_pjsip needs res_pjsip_pubsub.
    private static let modules = """
        res_timing_timerfd res_sorcery_config res_sorcery_memory res_sorcery_astdb res_pjproject res_pjsip
        res_pjsip_pubsub res_pjsip_authenticator_digest res_pjsip_session res_pjsip_sdp_rtp res_pjsip_caller_id
        res_pjsip_endpoint_identifier_ip
        res_rtp_asterisk res_speech res_agi res_clioriginate chan_pjsip
        bridge_simple bridge_softmix bridge_builtin_features bridge_native_rtp
        codec_gsm codec_ulaw codec_alaw codec_a_mu codec_resample
        format_wav format_wav_gsm format_gsm format_pcm format_sln
        func_base64 func_callerid func_channel func_cut func_db func_env func_global func_hangupcause func_logic
        func_math func_strings func_timeout func_uri
        app_dial app_exec app_originate app_playback app_read app_record app_senddtmf app_stack app_verbose
        app_voicemail app_while
        pbx_config
        """.split { $0 == " " || $0 == "\n" }.map(String.init)

    private var logger: String {
        """
        [general]
        dateformat = %F %T.%3q
        [logfiles]
        full => notice,warning,error,verbose(3),dtmf

        """
    }

    private var pjsip: String {
        """
        [transport]
        type = transport
        protocol = udp
        bind = 127.0.0.1:\(sipPort)

        [sipp]
        type = endpoint
        context = lab-sip
        disallow = all
        allow = alaw,ulaw
        dtmf_mode = rfc4733
        direct_media = no
        ; Without it Asterisk looks up this machine's name for every call, and warns when nobody knows it.
        media_address = 127.0.0.1
        bind_rtp_to_media_address = yes

        [sipp]
        type = identify
        endpoint = sipp
        match = 127.0.0.1

        """
    }

    /// More users of the manager interface than the shipped one: who may do less, and who may not log in from here.
    var managerUsers: String {
        """

        [weak]
        secret = weak-secret
        read = call,system
        write = reporting

        [outside]
        secret = outside-secret
        deny = 0.0.0.0/0.0.0.0
        permit = 192.0.2.1/255.255.255.255
        read = call,system
        write = originate,call

        [deaf]
        secret = deaf-secret
        read = call
        write = originate,call

        [all]
        secret = all-secret
        read = all
        write = all

        """
    }

    private var indications: String {
        """
        [general]
        country = us
        [us]
        description = United States
        ringcadence = 2000,4000
        dial = 350+440
        busy = 480+620/500,0/500
        ring = 440+480/2000,0/4000
        congestion = 480+620/250,0/250

        """
    }

    /// The mailboxes 1001@support and on, one a test line. The shipped [general] goes before them.
    var mailboxes: String {
        "[support]\n" + (1...lines).map { "\(1000 + $0) => 1234,Test line \($0)\n" }.joined()
    }
}
