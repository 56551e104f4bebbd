package io.github.skydl4j.bench;

import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.style.CategoryStyler;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Draws a plot as SVG. */
final class PlotFile {
    private static final int HEIGHT = 480;
    private static final int NARROWEST = 640;
    private static final int WIDTH_OF_GROUP = 42;
    private static final int MOST_UPRIGHT = 40;
    private static final Color[] COLOURS = {
        new Color(0x30, 0x6c, 0xa8),
        new Color(0xe0, 0x9f, 0x3e),
        new Color(0x5b, 0x8c, 0x5a),
        new Color(0x9e, 0x2a, 0x2b)
    };

    private PlotFile() {}

    static void write(Plot plot, Path file) throws IOException {
        // Nothing is shown on a screen, and there may be none.
        System.setProperty("java.awt.headless", "true");
        VectorGraphicsEncoder.saveVectorGraphic(chart(plot), file.toString(), VectorGraphicsFormat.SVG);
    }

    private static CategoryChart chart(Plot plot) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(Math.max(NARROWEST, WIDTH_OF_GROUP * plot.labels().size() + 160))
                .height(HEIGHT)
                .title(plot.title())
                .xAxisTitle(plot.xAxis())
                .yAxisTitle(plot.yAxis())
                .build();
        plot.series().forEach((name, values) -> chart.addSeries(name, plot.labels(), values));
        style(chart.getStyler(), plot);
        return chart;
    }

    private static void style(CategoryStyler style, Plot plot) {
        Font plain = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
        style.setSeriesColors(COLOURS);
        style.setAxisTickLabelsFont(plain).setAxisTitleFont(plain).setLegendFont(plain);
        style.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
        style.setChartBackgroundColor(Color.WHITE)
                .setLegendPosition(LegendPosition.OutsideE)
                .setLegendBorderColor(Color.WHITE);
        style.setPlotGridVerticalLinesVisible(false).setPlotBorderVisible(false);
        style.setYAxisMin(0.0);
        style.setAvailableSpaceFill(0.8);
        int letters = plot.labels().stream().mapToInt(String::length).sum();
        style.setXAxisLabelRotation(letters > MOST_UPRIGHT ? 90 : 0);
    }
}
