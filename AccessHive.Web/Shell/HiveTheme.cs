using MudBlazor;

namespace AccessHive.Web.Shell;

/// <summary>
/// The look, for MudBlazor. The colours are those of <c>wwwroot-assets/wwwroot/css/app.css</c>, which in the browser wins
/// over these, so that the page follows the chosen theme before and without a circuit; a test keeps the two together.
/// </summary>
public static class HiveTheme
{
    /// <summary>The colour of an emergency, and of nothing else: buttons that break the glass, chips, clocks.</summary>
    public const Color Emergency = Color.Tertiary;

    /// <summary>The colour of what cannot be undone. Never without a word.</summary>
    public const Color Destructive = Color.Error;

    private static readonly string[] Text = ["Inter", "system-ui", "-apple-system", "Segoe UI", "sans-serif"];

    // White and near-black as writing on filled colours.
    private const string White = "#ffffff";
    private const string Ink = "#16171d";

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Black = Ink,
            White = White,
            Primary = "#4f46e5",
            PrimaryContrastText = White,
            PrimaryDarken = "#4338ca",
            Secondary = "#4b4f5b",
            SecondaryContrastText = White,
            Tertiary = "#b43403",
            TertiaryContrastText = White,
            Info = "#0b5e96",
            InfoContrastText = White,
            Success = "#146c3a",
            SuccessContrastText = White,
            Warning = "#735c00",
            WarningContrastText = White,
            Error = "#be123c",
            ErrorContrastText = White,
            Dark = Ink,
            DarkContrastText = White,
            TextPrimary = Ink,
            TextSecondary = "#4b4f5b",
            TextDisabled = "#646874",
            ActionDefault = "#4b4f5b",
            ActionDisabled = "#646874",
            ActionDisabledBackground = "#f3f3f6",
            Background = "#fafafb",
            BackgroundGray = "#f3f3f6",
            Surface = White,
            DrawerBackground = "#fafafb",
            DrawerText = Ink,
            DrawerIcon = "#4b4f5b",
            AppbarBackground = "#fafafb",
            AppbarText = Ink,
            LinesDefault = "#e5e6eb",
            LinesInputs = "#868b98",
            TableLines = "#e5e6eb",
            TableStriped = "#f3f3f6",
            TableHover = "#f5f5f8",
            Divider = "#e5e6eb",
            DividerLight = "#e5e6eb",
            Skeleton = "#e5e6eb",
            BorderOpacity = 1,
            HoverOpacity = 0.06,
            RippleOpacity = 0.06,
            RippleOpacitySecondary = 0.12,
        },
        PaletteDark = new PaletteDark
        {
            Black = Ink,
            White = White,
            Primary = "#a9adff",
            PrimaryContrastText = "#16181d",
            PrimaryDarken = "#c3c6ff",
            Secondary = "#b0b5c1",
            SecondaryContrastText = "#16181d",
            Tertiary = "#ff9a5c",
            TertiaryContrastText = "#16181d",
            Info = "#7cc4f5",
            InfoContrastText = "#16181d",
            Success = "#6fd39a",
            SuccessContrastText = "#16181d",
            Warning = "#e3c552",
            WarningContrastText = "#16181d",
            Error = "#ff8fa3",
            ErrorContrastText = "#16181d",
            Dark = "#ececf1",
            DarkContrastText = "#16181d",
            TextPrimary = "#ececf1",
            TextSecondary = "#b0b5c1",
            TextDisabled = "#8f95a4",
            ActionDefault = "#b0b5c1",
            ActionDisabled = "#8f95a4",
            ActionDisabledBackground = "#111216",
            Background = "#0e0f13",
            BackgroundGray = "#111216",
            Surface = "#16181d",
            DrawerBackground = "#0e0f13",
            DrawerText = "#ececf1",
            DrawerIcon = "#b0b5c1",
            AppbarBackground = "#0e0f13",
            AppbarText = "#ececf1",
            LinesDefault = "#282b33",
            LinesInputs = "#6b7180",
            TableLines = "#282b33",
            TableStriped = "#111216",
            TableHover = "#1b1e24",
            Divider = "#282b33",
            DividerLight = "#282b33",
            Skeleton = "#282b33",
            BorderOpacity = 1,
            HoverOpacity = 0.06,
            RippleOpacity = 0.06,
            RippleOpacitySecondary = 0.12,
        },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Text, FontSize = ".875rem", FontWeight = "400", LineHeight = "1.5", LetterSpacing = "normal" },
            H1 = new H1Typography { FontFamily = Text, FontSize = "1.5rem", FontWeight = "600", LineHeight = "1.25", LetterSpacing = "-.02em" },
            H2 = new H2Typography { FontFamily = Text, FontSize = "1.125rem", FontWeight = "600", LineHeight = "1.25", LetterSpacing = "-.011em" },
            H3 = new H3Typography { FontFamily = Text, FontSize = "1rem", FontWeight = "600", LineHeight = "1.25", LetterSpacing = "-.011em" },
            H4 = new H4Typography { FontFamily = Text, FontSize = ".875rem", FontWeight = "600", LineHeight = "1.25", LetterSpacing = "normal" },
            H5 = new H5Typography { FontFamily = Text, FontSize = ".875rem", FontWeight = "600", LineHeight = "1.25", LetterSpacing = "normal" },
            H6 = new H6Typography { FontFamily = Text, FontSize = "1rem", FontWeight = "600", LineHeight = "1.25", LetterSpacing = "-.011em" },
            Subtitle1 = new Subtitle1Typography { FontFamily = Text, FontSize = ".9375rem", FontWeight = "500", LineHeight = "1.5", LetterSpacing = "normal" },
            Subtitle2 = new Subtitle2Typography { FontFamily = Text, FontSize = ".8125rem", FontWeight = "500", LineHeight = "1.5", LetterSpacing = "normal" },
            Body1 = new Body1Typography { FontFamily = Text, FontSize = ".875rem", FontWeight = "400", LineHeight = "1.5", LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontFamily = Text, FontSize = ".8125rem", FontWeight = "400", LineHeight = "1.5", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontFamily = Text, FontSize = ".875rem", FontWeight = "500", LineHeight = "1.35", LetterSpacing = "normal", TextTransform = "none" },
            Caption = new CaptionTypography { FontFamily = Text, FontSize = ".75rem", FontWeight = "400", LineHeight = "1.4", LetterSpacing = "normal" },
            Overline = new OverlineTypography { FontFamily = Text, FontSize = ".75rem", FontWeight = "500", LineHeight = "1.4", LetterSpacing = "normal", TextTransform = "none" },
        },
        LayoutProperties = new LayoutProperties
        {
            DefaultBorderRadius = "8px",
            AppbarHeight = "56px",
            DrawerWidthLeft = "224px",
            DrawerWidthRight = "400px",
            DrawerMiniWidthLeft = "56px",
        },
        Shadows = new Shadow { Elevation = Shadows() },
        // Above the dialogs stand only our own lines: banner 1450, offline 1500.
        ZIndex = new ZIndex { Drawer = 1090, AppBar = 1100, Dialog = 1400, Popover = 1420, Snackbar = 1440, Tooltip = 1460 },
    };

    // Hairlines instead of shadows: only what floats over the page (menus and dialogs, from 8 up) is lifted a little.
    private static string[] Shadows()
    {
        var elevation = new string[26];
        Array.Fill(elevation, "none", 0, 8);
        Array.Fill(elevation, "var(--ah-lift)", 8, elevation.Length - 8);
        return elevation;
    }
}
